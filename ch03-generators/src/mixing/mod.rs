//! A body that both produces and receives is two things in one, and loses items.
//!
//! New: `for` asks for the next item, and so does `send`. Python lets both loose
//! on one generator; here the loop has borrowed it.
//!
//! cargo run -p ch03-generators -- mixing

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

/// Counts down to zero, from wherever it is sent to.
///
/// A loop over it borrows it, so that no code can send meanwhile:
///
/// ```compile_fail,E0499
/// use ch03_generators::coroutine::*;
/// use ch03_generators::mixing::countdown;
///
/// let mut numbers = Coroutine::new(|co| countdown(co, 5));
/// for n in numbers.items() {
///     if matches!(n, Ok(5)) {
///         numbers.send(3);
///     }
/// }
/// ```
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 1,
/// which calls it bogus.
pub async fn countdown(co: Co<'_, u32, u32>, from: u32) -> Result<(), Raised> {
    let mut n = from;
    loop {
        match co.yield_(n).await? {
            Some(sent) => n = sent,
            None if n == 0 => return Ok(()),
            None => n -= 1,
        }
    }
}

/// Counts down to one, from wherever it is sent to: a send is the next step.
///
/// Source: *A brief introduction to concurrency and coroutines in Python 3.5*,
/// which likes it.
pub async fn resettable(co: Co<'_, u32, u32>, from: u32) -> Result<(), Raised> {
    let mut n = from;
    while n > 0 {
        n = co.yield_(n).await?.unwrap_or(n).saturating_sub(1);
    }
    Ok(())
}

/// Counts down from five, and sends ten after the second item.
pub fn reset() -> Vec<u32> {
    let mut numbers = Coroutine::new(|co| resettable(co, 5));
    let mut seen = Vec::new();
    let mut step = numbers.next();
    while let Step::Yielded(n) = step {
        seen.push(n);
        step = match seen.len() {
            2 => numbers.send(10),
            _ => numbers.next(),
        };
    }
    seen
}

/// What a starter calls out, until nothing goes wrong any more.
///
/// A machine of three states, each a yield; any fault leads back to the first.
pub async fn footrace(
    co: Co<'_, &'static str, &'static str>,
) -> Result<(), Raised> {
    let calls = ["On your marks.", "Set.", "Go!"];
    let mut at = 0;
    while at < calls.len() {
        at = match co.yield_(calls[at]).await? {
            Some(_fault) => 0,
            None => at + 1,
        };
    }
    Ok(())
}

/// Counts down from five, sends three on the way, and returns what came.
///
/// With `broken`, what `send` brings back is dropped, as a Python loop does that
/// looks at the loop's items only.
pub fn items_seen(broken: bool) -> Vec<u32> {
    let mut numbers = Coroutine::new(|co| countdown(co, 5));
    let mut seen = Vec::new();
    let mut step = numbers.next();
    while let Step::Yielded(n) = step {
        seen.push(n);
        step = match n {
            5 if broken => {
                let _lost = numbers.send(3);
                numbers.next()
            }
            5 => numbers.send(3),
            _ => numbers.next(),
        };
    }
    seen
}

/// Shows the item that is lost, and a machine where sending is the point.
pub fn demo() {
    println!("broken: {:?}", items_seen(true));
    println!("cured: {:?}", items_seen(false));
    println!("reset: {:?}", reset());

    let mut race = Coroutine::new(footrace);
    let faults = [1, 4, 6];
    let mut turn = 0;
    let mut step = race.next();
    while let Step::Yielded(call) = step {
        turn += 1;
        step = if faults.contains(&turn) {
            println!("{call} Fault!");
            race.send("fault")
        } else {
            println!("{call}");
            race.next()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_item_that_send_brings_back_is_an_item() {
        assert_eq!(items_seen(true), [5, 2, 1, 0]);
        assert_eq!(items_seen(false), [5, 3, 2, 1, 0]);
        assert_eq!(reset(), [5, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn a_fault_at_any_stage_restarts_at_the_first() {
        for stage in 1..=3 {
            let mut race = Coroutine::new(footrace);
            for _ in 0..stage {
                race.next().yielded().unwrap();
            }
            let call = race.send("fault").yielded().unwrap();
            assert_eq!(call, "On your marks.");
            assert_eq!(race.items().count(), 2);
        }
    }
}
