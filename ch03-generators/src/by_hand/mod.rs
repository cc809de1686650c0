//! To run a coroutine is to resume it until it ends. Everything else is policy.
//!
//! New: nothing. No loop, no queue, no clock: each resume is a line of `demo`,
//! and the one after the end, too.
//!
//! cargo run -p ch03-generators -- by-hand

use std::error::Error;
use std::fmt::Debug;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};
use crate::taxi::taxi;

/// Yields 7, three bodies deep, and returns what it is called.
///
/// # Errors
///
/// What was thrown.
pub async fn outer(co: Co<'static, i32>) -> Result<&'static str, Raised> {
    co.delegate(middle).await?;
    Ok("outer")
}

async fn middle(co: Co<'static, i32>) -> Result<(), Raised> {
    co.delegate(inner).await
}

async fn inner(co: Co<'static, i32>) -> Result<(), Raised> {
    co.yield_(7).await?;
    Ok(())
}

/// Multiplies by ten, four times; the last result is returned, not yielded.
///
/// # Errors
///
/// What was thrown, or that no number was sent.
pub async fn times_ten(co: Co<'static, i32, i32>) -> Result<i32, Raised> {
    println!("  primed");
    let missing = || Raised::message("ten times what?");
    let mut product = 0;
    for _ in 0..3 {
        let number = co.yield_(product).await?.ok_or_else(missing)?;
        product = 10 * number;
    }
    let last = co.yield_(product).await?.ok_or_else(missing)?;
    Ok(10 * last)
}

/// Resumes three coroutines, and each of them once too often.
///
/// # Errors
///
/// None: the taxi is sent the time.
pub fn demo() -> Result<(), Box<dyn Error>> {
    println!("a taxi's two trips");
    let mut cab = Coroutine::new(|co| taxi(co, 13, 2, 0));
    let mut event = cab.next().yielded()?;
    for minutes in [7, 23, 5, 48, 1] {
        println!("  {event}");
        event = cab.send(event.time + minutes).yielded()?;
    }
    println!("  {event}");
    tell("last send", cab.send(event.time + 10));
    tell("once more", cab.send(event.time));

    println!("a value from below");
    let mut outer = Coroutine::new(outer);
    tell("next", outer.next());
    println!("  bodies: {}", outer.depth());
    tell("next", outer.next());
    tell("once more", outer.next());

    println!("ten times");
    let mut times_ten = Coroutine::new(times_ten);
    tell("next", times_ten.next());
    for number in [5, 6, 7, 8] {
        tell(&format!("send {number}"), times_ten.send(number));
    }
    tell("once more", times_ten.send(9));
    Ok(())
}

fn tell<Y: Debug, R: Debug>(what: &str, step: Step<Y, R>) {
    match step {
        Step::Yielded(item) => println!("  {what}: yielded {item:?}"),
        Step::Returned(value) => println!("  {what}: returned {value:?}"),
        Step::Raised(raised) => println!("  {what}: raised {raised}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coroutine::{Misuse, State};

    #[test]
    fn the_end_comes_once_and_then_it_is_an_error() {
        let mut outer = Coroutine::new(outer);
        assert!(matches!(outer.next(), Step::Yielded(7)));
        assert!(matches!(outer.next(), Step::Returned("outer")));
        for _ in 0..3 {
            let Step::Raised(raised) = outer.next() else {
                panic!("it ended twice");
            };
            assert_eq!(raised.misuse(), Some(Misuse::Finished));
        }
    }

    #[test]
    fn the_last_number_is_returned() {
        let mut times_ten = Coroutine::new(times_ten).primed().unwrap();
        for (number, product) in [(5, 50), (6, 60), (7, 70)] {
            assert_eq!(times_ten.send(number).yielded().unwrap(), product);
        }
        assert!(matches!(times_ten.send(8), Step::Returned(80)));
        assert_eq!(times_ten.state(), State::Finished);
    }

    #[test]
    fn sent_value_goes_to_the_body_on_top() {
        let mut outer = Coroutine::new(outer);
        assert_eq!(outer.depth(), 1);
        assert!(outer.next().yielded().is_ok());
        assert_eq!(outer.depth(), 3);
    }
}
