//! A pipeline that pushes: the source calls, and each stage calls the next.
//!
//! New: one source can feed many sinks. The end of the stream is a `close()`
//! that travels down; a ring is refused.
//!
//! cargo run -p ch03-generators -- push

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;

use crate::coroutine::{
    Co, Coroutine, Raised, Resumable, Shared, Step, WeakShared,
};
use crate::pipeline::log;

/// Sends every line to `target`, then closes it, and returns its last word.
///
/// The source is no coroutine: it receives nothing, and its caller gets control
/// back at the end of the stream.
///
/// # Errors
///
/// The target's; then it has seen the lines before that one.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 2.
pub fn push<'a, T: Resumable<&'a str, Yield = ()>>(
    lines: impl IntoIterator<Item = &'a str>,
    target: &mut T,
) -> Result<Option<T::Return>, Raised> {
    for line in lines {
        target.send(line).yielded()?;
    }
    target.close()
}

/// Passes on the lines with `pattern` in them.
///
/// # Errors
///
/// The target's; it may also be the answer to being closed.
pub async fn grep<'a>(
    co: Co<'_, (), &'a str>,
    pattern: &str,
    mut target: impl Resumable<&'a str, Yield = ()>,
) -> Result<(), Raised> {
    loop {
        match co.yield_(()).await {
            Ok(Some(line)) if line.contains(pattern) => {
                target.send(line).yielded()?;
            }
            Ok(_) => {}
            Err(end) => {
                // Dropping the target would close it as well, and lose what it
                // has to say against that.
                target.close()?;
                return Err(end);
            }
        }
    }
}

/// Sends each line to every target, in order.
///
/// # Errors
///
/// The first target's error ends the broadcast; later targets do not see that
/// line. All are closed in any case.
pub async fn broadcast<'a, T: Resumable<&'a str, Yield = ()>>(
    co: Co<'_, (), &'a str>,
    mut targets: Vec<T>,
) -> Result<(), Raised> {
    loop {
        match co.yield_(()).await {
            Ok(Some(line)) => {
                for target in &mut targets {
                    target.send(line).yielded()?;
                }
            }
            Ok(None) => {}
            Err(end) => {
                // All are closed before the first error goes on its way.
                let closed: Vec<_> =
                    targets.iter_mut().map(Resumable::close).collect();
                closed.into_iter().collect::<Result<Vec<_>, _>>()?;
                return Err(end);
            }
        }
    }
}

/// Prints each line, and at the end how many there were.
///
/// A sink is a coroutine: it receives. That it sends nothing on makes it the
/// end of the pipeline and nothing else.
pub async fn printer(
    co: Co<'_, (), &str>,
    name: &'static str,
) -> Result<usize, Raised> {
    let mut count = 0;
    loop {
        match co.yield_(()).await {
            Ok(Some(line)) => {
                println!("  [{name}] {line}");
                count += 1;
            }
            Ok(None) => {}
            Err(Raised::Exit) => {
                println!("  [{name}] closed after {count}");
                return Ok(count);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Passes everything back to where it came from.
async fn back<'a>(
    co: Co<'_, (), &'a str>,
    start: WeakShared<'_, (), &'a str>,
) -> Result<(), Raised> {
    loop {
        if let Some(line) = co.yield_(()).await? {
            start.upgrade()?.send(line).yielded()?;
        }
    }
}

/// A stage that passes lines on, ready to be sent the first.
type Stage<'a> = Coroutine<'a, (), &'a str>;

/// Makes a pipeline with one sink for each pattern.
///
/// # Errors
///
/// None: no stage fails before it is sent something.
pub fn fan_out<'a>(patterns: &[&'static str]) -> Result<Stage<'a>, Raised> {
    let mut branches = Vec::new();
    for &pattern in patterns {
        let sink = Coroutine::new(|co| printer(co, pattern)).primed()?;
        branches.push(Coroutine::new(|co| grep(co, pattern, sink)).primed()?);
    }
    Coroutine::new(|co| broadcast(co, branches)).primed()
}

/// Makes a pipeline whose branches end in the same sink.
///
/// # Errors
///
/// None: no stage fails before it is sent something.
pub fn fan_in<'a>(patterns: &[&'static str]) -> Result<Stage<'a>, Raised> {
    let sink = Coroutine::new(|co| printer(co, "shared")).primed()?;
    let sink = Shared::new(sink);
    let mut branches = Vec::new();
    for &pattern in patterns {
        let sink = sink.clone();
        branches
            .push(Coroutine::new(move |co| grep(co, pattern, sink)).primed()?);
    }
    Coroutine::new(|co| broadcast(co, branches)).primed()
}

/// Makes two stages that feed each other, and returns the first.
///
/// # Errors
///
/// None: no stage fails before it is sent something.
pub fn ring_broken<'a>() -> Result<Shared<'a, (), &'a str>, Raised> {
    let mut first = Shared::new_cyclic(|first| {
        Coroutine::new(move |co| async move {
            let back = Coroutine::new(|co| back(co, first)).primed()?;
            grep(co, "", back).await
        })
    });
    first.next().yielded()?;
    Ok(first)
}

/// Sends one line through `stages` filters; returns how many bytes of the
/// thread's stack each of them takes, if the system says how much is left.
///
/// # Errors
///
/// None: no stage fails.
pub fn stack_per_stage(stages: usize) -> Result<Option<usize>, Raised> {
    let at_the_end = Rc::new(Cell::new(None));
    let seen = at_the_end.clone();
    let mut chain: Stage = Coroutine::new(|co: Co<(), _>| async move {
        loop {
            co.yield_(()).await?;
            seen.set(stacker::remaining_stack());
        }
    })
    .primed()?;
    for _ in 0..stages {
        chain = Coroutine::new(|co| grep(co, "", chain)).primed()?;
    }
    let at_the_source = stacker::remaining_stack();
    chain.send("line").yielded()?;
    let both = at_the_source.zip(at_the_end.get());
    Ok(both.map(|(source, end)| source.saturating_sub(end) / stages))
}

/// Pushes six lines through a line, a tree, a diamond and a ring.
///
/// # Errors
///
/// What a stage raised, other than the ring's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let text: Vec<String> = log::lines(17).take(6).collect();
    let lines = || text.iter().map(String::as_str).chain(["ply and python"]);

    println!("one filter");
    let sink = Coroutine::new(|co| printer(co, "python")).primed()?;
    let mut filter = Coroutine::new(|co| grep(co, "python", sink)).primed()?;
    push(lines(), &mut filter)?;

    println!("fan out");
    push(lines(), &mut fan_out(&["python", "ply"])?)?;

    println!("fan in");
    push(lines(), &mut fan_in(&["python", "ply"])?)?;

    println!("ring");
    match ring_broken()?.send("round and round") {
        Step::Raised(raised) => println!("  {raised}"),
        _ => println!("  no error"),
    }

    println!("a chain");
    for stages in [1, 10, 100] {
        match stack_per_stage(stages)? {
            Some(bytes) => {
                println!("  {stages} stages: {bytes} bytes of stack each");
            }
            None => println!("  {stages} stages"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
