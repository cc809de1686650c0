//! Poisoning: a panic releases the lock, and marks it (act four).
//!
//! A guard releases the lock on every way out, as `with lock:` does. On a panic
//! it also poisons the lock: the next `lock` returns an error, and its caller
//! decides.
//!
//! cargo run -p ch01-threads -- poisoned

use std::error::Error;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::animals::api::Api;
use crate::animals::{ANIMALS, Pace, Screen, ask_or_excuse};

/// Asks the API, waits for the screen, and types; the cow panics.
///
/// # Panics
///
/// At the cow, with the screen locked.
pub fn ask_and_type(
    url: &str,
    animal: &str,
    screen: &Mutex<Screen>,
    pace: Pace,
) {
    let sentence = ask_or_excuse(url, animal);
    // A panic cannot leave a screen half changed, so poison is ignored here.
    // Two purses could be half changed.
    let mut screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(!sentence.contains("Moo"), "not happy about Moo!");
    screen.type_out(&sentence, pace.typing);
}

/// Asks all animals; the cow's panic stops no other thread.
///
/// # Errors
///
/// The server cannot be started.
pub fn demo(pace: Pace) -> io::Result<()> {
    let api = Api::start(pace.delay, 16)?;
    let url = api.url();
    let screen = Mutex::new(Screen);
    thread::scope(|scope| {
        let workers = ANIMALS.map(|animal| {
            let (url, screen) = (&url, &screen);
            scope.spawn(move || ask_and_type(url, animal, screen, pace))
        });
        let outcomes = workers.map(|worker| worker.join());
        let panics = outcomes.iter().filter(|o| o.is_err()).count();
        println!("panics: {panics}, poisoned: {}", screen.is_poisoned());
    });
    let sum = repair().map_err(io::Error::other)?;
    println!("seven threads repaired a sum and went on: {sum}");
    Ok(())
}

/// Adds 1 in each of eight threads, one of which panics half-way.
///
/// # Errors
///
/// The half-way thread did not panic.
pub fn repair() -> Result<u32, Box<dyn Error + Send + Sync>> {
    // The second number is to be the double of the first.
    let pair = Mutex::new((0, 0));
    thread::scope(|scope| {
        let unlucky = scope.spawn(|| {
            let mut pair = pair.lock().unwrap_or_else(PoisonError::into_inner);
            pair.0 += 1;
            panic!("between the two additions");
        });
        unlucky.join().err().ok_or("no panic")?;
        for _ in 0..7 {
            scope.spawn(|| {
                let mut guard = pair.lock().unwrap_or_else(|poisoned| {
                    // The first thread that finds the poison repairs the pair.
                    let mut guard = poisoned.into_inner();
                    guard.0 = guard.1 / 2;
                    pair.clear_poison();
                    guard
                });
                *guard = (guard.0 + 1, guard.1 + 2);
            });
        }
        Ok::<_, &str>(())
    })?;
    let (n, double) = pair.into_inner()?;
    Ok(if double == 2 * n { n } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_under_the_lock_costs_one_addition_in_twenty_runs() {
        for _ in 0..20 {
            assert_eq!(repair().unwrap(), 7);
        }
    }
}
