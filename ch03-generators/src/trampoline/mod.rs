//! Before `yield from` there was a loop with a stack: the trampoline.
//!
//! New: a body yields the body that it wants to call, and is sent the result.
//! The first such loop loses errors and pauses; the cure is what `delegate` is.
//!
//! cargo run -p ch03-generators -- trampoline

use std::hint::black_box;
use std::time::Instant;

use crate::coroutine::{Co, Coroutine, Except, Raised, Resumable, Step};

/// A body that calls others by yielding them; it returns a number.
pub type Routine = Coroutine<'static, Trap, i32, i32>;

/// What a routine wants of the loop that runs it.
pub enum Trap {
    /// Run this, and send me what it returns.
    Call(Routine),
    /// Here is my result, and do not come back. (2009 had no `return value`.)
    Result(i32),
    /// Let others run.
    Pause,
}

type Line = Co<'static, Trap, i32>;

async fn call(co: &Line, routine: Routine) -> Result<i32, Raised> {
    co.yield_(Trap::Call(routine))
        .await?
        .ok_or_else(|| Raised::message("the call returned nothing"))
}

/// Adds two numbers, and says so too late.
pub async fn add(co: Line, x: i32, y: i32) -> Result<i32, Raised> {
    println!("  adding {x} and {y}");
    co.yield_(Trap::Result(x + y)).await?;
    println!("  never printed under the first loop");
    Ok(x + y)
}

/// Fails.
pub async fn fail(_: Line) -> Result<i32, Raised> {
    Err(Raised::message("no answer"))
}

/// Pauses, then returns.
pub async fn pause(co: Line) -> Result<i32, Raised> {
    co.yield_(Trap::Pause).await?;
    println!("  back from the pause");
    Ok(1)
}

/// Calls a routine, and falls back on -1 if that fails.
pub async fn fall_back(co: Line, routine: Routine) -> Result<i32, Raised> {
    // A plain `if let Err` would catch the exit of a dropped loop as well.
    let answer = call(&co, routine).await.except_any()?;
    if let Err(error) = &answer {
        println!("  caught: {error}");
    }
    Ok(answer.unwrap_or(-1))
}

/// Runs routines as Beazley's scheduler of 2009 does.
///
/// A yield in a called routine is its return, whatever it yields; what comes
/// after it is dropped. An error anywhere ends them all.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 8.
///
/// # Errors
///
/// What any routine raised.
pub fn trampoline_broken(main: Routine) -> Result<Option<i32>, Raised> {
    let (mut stack, mut sent) = (vec![main], None);
    while let Some(top) = stack.last_mut() {
        let step = match sent.take() {
            Some(value) => top.send(value),
            None => top.next(),
        };
        sent = match step {
            Step::Yielded(Trap::Call(routine)) => {
                stack.push(routine);
                None
            }
            Step::Yielded(Trap::Result(value)) => {
                stack.pop();
                Some(value)
            }
            // Not a pause: the caller is sent nothing, and goes on.
            Step::Yielded(Trap::Pause) => {
                stack.pop();
                None
            }
            Step::Returned(value) => {
                stack.pop();
                Some(value)
            }
            Step::Raised(raised) => return Err(raised),
        };
    }
    Ok(sent)
}

/// Runs routines, each with its own returns, pauses and errors.
///
/// # Errors
///
/// What the outermost routine raised.
pub fn trampoline(main: Routine) -> Result<i32, Raised> {
    let (mut stack, mut sent) = (vec![main], Ok(None));
    while let Some(top) = stack.last_mut() {
        let step = match sent {
            Ok(Some(value)) => top.send(value),
            Ok(None) => top.next(),
            // The caller hears of it at the yield that made the call.
            Err(raised) => top.throw(raised),
        };
        sent = match step {
            Step::Yielded(Trap::Call(routine)) => {
                stack.push(routine);
                Ok(None)
            }
            // A routine that pauses stays where it is.
            Step::Yielded(Trap::Pause | Trap::Result(_)) => Ok(None),
            Step::Returned(value) => {
                stack.pop();
                Ok(Some(value))
            }
            Step::Raised(raised) => {
                stack.pop();
                Err(raised)
            }
        };
    }
    sent?.ok_or_else(|| Raised::message("nothing was run"))
}

/// Returns 3, times ten for each call that it makes through the loop.
pub async fn nested(co: Line, depth: i32) -> Result<i32, Raised> {
    match depth {
        0 => Ok(3),
        _ => {
            let inner = Coroutine::new(move |co| nested(co, depth - 1));
            Ok(10 * call(&co, inner).await?)
        }
    }
}

/// Returns the same by calls.
pub fn nested_directly(depth: i32) -> i32 {
    match depth {
        0 => 3,
        _ => 10 * nested_directly(black_box(depth - 1)),
    }
}

/// Calls three deep, through the loop and directly, and prints the time of one
/// call.
fn three_deep() {
    const TIMES: u32 = 20_000;
    let through = || trampoline(Coroutine::new(|co| nested(co, 2)));
    match through() {
        Ok(value) => println!("three deep: {value}"),
        Err(raised) => println!("three deep: raised {raised}"),
    }
    let time = |calls: &dyn Fn()| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| calls());
        start.elapsed().as_nanos() / u128::from(3 * TIMES)
    };
    let looped = time(&|| drop(black_box(through())));
    let direct = time(&|| {
        black_box(nested_directly(black_box(2)));
    });
    println!("a call through the loop: {looped} ns, directly: {direct} ns");
}

/// Shows the same three calls under both loops, and what a call costs.
pub fn demo() {
    type Make = fn() -> Routine;
    let calls: [(&str, Make); 3] = [
        ("add", || Coroutine::new(|co| add(co, 2, 2))),
        ("fail", || Coroutine::new(fail)),
        ("pause", || Coroutine::new(pause)),
    ];
    for (name, routine) in calls {
        let main = || Coroutine::new(move |co| fall_back(co, routine()));
        println!("{name}, first loop:");
        match trampoline_broken(main()) {
            Ok(value) => println!("{name}: {value:?}"),
            Err(raised) => println!("{name}: all ended: {raised}"),
        }
        println!("{name}, second loop:");
        match trampoline(main()) {
            Ok(value) => println!("{name}: {value}"),
            Err(raised) => println!("{name}: raised {raised}"),
        }
    }
    three_deep();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_return_through_the_stack() {
        let main = || Coroutine::new(|co| nested(co, 2));
        assert_eq!(trampoline(main()).unwrap(), 300);
        assert_eq!(trampoline_broken(main()).unwrap(), Some(300));
    }

    #[test]
    fn an_error_reaches_the_caller_only_under_the_second_loop() {
        let main = || Coroutine::new(|co| fall_back(co, Coroutine::new(fail)));
        assert_eq!(trampoline(main()).unwrap(), -1);
        assert!(trampoline_broken(main()).is_err());
    }
}
