//! `close()` asks the body to end, and the body answers.
//!
//! New: the exit is raised at the yield where the body waits. The body may tidy
//! up, return, or raise something else; it may not yield again.
//!
//! cargo run -p ch03-generators -- close

use crate::coroutine::{Co, Coroutine, Raised, Resumable, State, Step};

/// Prints its text when it is dropped, as a `finally` would.
struct Finally(&'static str);

impl Drop for Finally {
    fn drop(&mut self) {
        println!("  {}", self.0);
    }
}

/// Is sent lines, counts those with `pattern` in them, and returns the count
/// when it is closed.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 1.
pub async fn count_matches<'a>(
    co: Co<'a, (), &'a str>,
    pattern: &str,
) -> Result<usize, Raised> {
    let mut count = 0;
    loop {
        match co.yield_(()).await {
            Ok(line) => {
                count += usize::from(line.is_some_and(|l| l.contains(pattern)));
            }
            // Without this arm, and with a `?`, the count would be lost.
            Err(Raised::Exit) => {
                println!("  going away, goodbye");
                return Ok(count);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Yields whatever happens, also when it is asked to end.
pub async fn stubborn_broken(co: Co<'_, u32>) -> Result<(), Raised> {
    let _finally = Finally("but it is gone");
    loop {
        if let Err(Raised::Exit) = co.yield_(1).await {
            println!("  what, me?");
        }
    }
}

/// Yields once, and lets itself be unwound.
pub async fn polite(co: Co<'_, u32>) -> Result<(), Raised> {
    println!("  begin");
    let _finally = Finally("finally");
    co.yield_(1).await?;
    println!("  end");
    Ok(())
}

async fn wills(co: Co<'_, u32>) -> Result<(), Raised> {
    match co.yield_(1).await {
        Err(Raised::Exit) => Err(Raised::message("the disk is full")),
        _ => Ok(()),
    }
}

fn closed<S, R: std::fmt::Debug>(name: &str, mut body: Coroutine<u32, S, R>) {
    // An error would be this section's mistake: none of these raise here.
    let first = body.next().yielded().is_ok();
    println!("{name}: started {first}");
    match body.close() {
        Ok(value) => println!("{name}: closed, {value:?}"),
        Err(raised) => println!("{name}: {raised}"),
    }
    assert_eq!(body.state(), State::Finished);
    println!("{name}: closed again, {:?}", body.close().ok().flatten());
}

/// Shows what a body can answer, and the four ways to leave a `finally`.
pub fn demo() {
    let count = Coroutine::new(|co| count_matches(co, "python"));
    if let Ok(mut count) = count.primed() {
        for line in ["no match here", "python generators rock!"] {
            count.send(line).yielded().expect("it takes every line");
        }
        println!("close: {:?}", count.close());
    }

    closed("polite", Coroutine::new(polite));
    closed("stubborn", Coroutine::new(stubborn_broken));
    closed("wills", Coroutine::new(wills));

    println!("dropped:");
    let mut dropped = Coroutine::new(polite);
    dropped.next().yielded().expect("it yields once");
    drop(dropped);
    println!("dropped before its start:");
    drop(Coroutine::new(polite));
    println!("thrown at:");
    let mut thrown = Coroutine::new(polite);
    thrown.next().yielded().expect("it yields once");
    if let Step::Raised(raised) = thrown.throw(Raised::message("oops")) {
        println!("raised {raised}");
    }
    println!("run to its end:");
    assert_eq!(Coroutine::new(polite).items().count(), 1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coroutine::Misuse;

    #[test]
    fn count_comes_out_of_close() {
        let count = Coroutine::new(|co| count_matches(co, "a"));
        let mut count = count.primed().unwrap();
        for line in ["ab", "b", "ba"] {
            count.send(line).yielded().unwrap();
        }
        assert_eq!(count.close().unwrap(), Some(2));
        assert_eq!(count.close().unwrap(), None);
    }

    #[test]
    fn a_yield_is_no_answer_to_close() {
        let mut stubborn = Coroutine::new(stubborn_broken).primed().unwrap();
        let raised = stubborn.close().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::IgnoredExit));
        assert_eq!(stubborn.state(), State::Finished);
    }
}
