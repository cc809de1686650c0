//! An event loop made of a person: you pick which task runs, and when.
//!
//! New: all that a loop does is done by hand. Resume a task, read what it wants,
//! put it back, let time pass. Without `--play` the section plays itself.
//!
//! cargo run -p ch03-generators -- human --play

use std::error::Error;

use crate::coroutine::{Co, Coroutine, Raised};

mod to_do;
mod words;

use to_do::ToDo;
pub use words::{Options, Words};

/// A task yields how many minutes it wants to wait, is sent how many it did, and
/// returns its last words.
pub type Task = Coroutine<'static, u32, u32, &'static str>;

type Line = Co<'static, u32, u32>;

/// Waits for `minutes` or longer, and returns how many there were.
///
/// If it is resumed too early, it asks again, for the minutes that are left.
///
/// # Errors
///
/// What was thrown.
pub async fn sleep(co: &Line, minutes: u32) -> Result<u32, Raised> {
    let mut waited: u32 = 0;
    loop {
        let left = minutes.saturating_sub(waited);
        waited += co.yield_(left).await?.unwrap_or_default();
        if waited >= minutes {
            return Ok(waited);
        }
    }
}

/// Makes tea, which turns bitter when it is forgotten.
///
/// # Errors
///
/// What was thrown.
pub async fn tea(co: Line) -> Result<&'static str, Raised> {
    println!("  tea: the kettle is on");
    sleep(&co, 2).await?;
    println!("  tea: it steeps");
    Ok(match sleep(&co, 3).await? {
        3 => "a good cup",
        _ => "a bitter cup",
    })
}

/// Washes.
///
/// # Errors
///
/// What was thrown.
pub async fn laundry(co: Line) -> Result<&'static str, Raised> {
    println!("  laundry: the machine runs");
    sleep(&co, 4).await?;
    println!("  laundry: it hangs on the line");
    sleep(&co, 3).await?;
    Ok("a clean shirt")
}

/// Runs the section with its options.
///
/// # Errors
///
/// The keyboard's.
pub fn program(options: Options) -> Result<(), Box<dyn Error>> {
    demo(options.into())
}

/// Lets the player run two tasks, word by word.
///
/// # Errors
///
/// The keyboard's.
pub fn demo(mut words: Words) -> Result<(), Box<dyn Error>> {
    let tea = ("tea", Coroutine::new(tea));
    let laundry = ("laundry", Coroutine::new(laundry));
    let mut to_do = ToDo::new([tea, laundry]);
    while to_do.left() > 0 {
        to_do.print();
        let Some(word) = words.read()? else {
            println!("The loop has ended. Tasks dropped: {}.", to_do.left());
            return Ok(());
        };
        to_do.obey(&word)?;
    }
    println!("Nothing left to do at minute {}.", to_do.minute());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coroutine::{Resumable, Step};

    #[test]
    fn a_late_resume_says_how_late_it_is() {
        for (minutes, cup) in [(3, "a good cup"), (4, "a bitter cup")] {
            let mut task = Coroutine::new(tea);
            assert!(matches!(task.next(), Step::Yielded(2)));
            assert!(matches!(task.send(2), Step::Yielded(3)));
            let Step::Returned(last) = task.send(minutes) else {
                panic!("it still steeps");
            };
            assert_eq!(last, cup);
        }
    }
}
