//! Leaked guard: a lock that is never released (act three).
//!
//! In Python an exception between `acquire` and `release` is enough. In Rust
//! the program has to call `mem::forget`, which is safe code.
//!
//! cargo run -p ch01-threads -- deadlocked

pub mod cli;

use std::io;
use std::mem;
use std::sync::{Mutex, TryLockError};
use std::thread;

use crate::animals::api::Api;
use crate::animals::{Pace, Screen, ask_or_excuse};
use crate::locked::ask_and_type;

/// Locks the screen and fails without unlocking it.
///
/// # Errors
///
/// Always: the cow is not happy.
pub fn ask_broken(url: &str, screen: &Mutex<Screen>) -> Result<(), String> {
    let sentence = ask_or_excuse(url, "cow");
    let screen = screen.lock().expect("typing does not panic");
    let happy = !sentence.contains("Moo");
    if !happy {
        // Without this line the guard is dropped when the function returns,
        // and its drop releases the lock: act four.
        mem::forget(screen);
        return Err("not happy about Moo!".to_string());
    }
    Ok(())
}

/// Lets the cow lock first. With `for_ever` the others then wait for the lock.
///
/// # Errors
///
/// The server cannot be started.
pub fn demo(pace: Pace, for_ever: bool) -> io::Result<()> {
    let api = Api::start(pace.delay, 16)?;
    let url = api.url();
    let screen = Mutex::new(Screen);
    thread::scope(|scope| {
        let cow = scope.spawn(|| ask_broken(&url, &screen));
        let outcome = cow.join().expect("the cow fails without a panic");
        println!("cow: {}", outcome.err().unwrap_or_default());

        for animal in ["pig", "chicken"] {
            // The thread that locked it has ended; the lock stays locked.
            let taken = screen.try_lock();
            let held = matches!(taken, Err(TryLockError::WouldBlock));
            println!("{animal}: the screen is taken: {held}");
            drop(taken);
            if for_ever {
                let (url, screen) = (&url, &screen);
                scope.spawn(move || ask_and_type(url, animal, screen, pace));
            }
        }
    });
    Ok(())
}
