//! Interleaved output: threads type over each other (act one).
//!
//! Each thread has a `Screen` of its own, and all of them are one terminal. A
//! barrier makes the interleaving certain.
//!
//! cargo run -p ch01-threads -- garbled

use std::io;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use tracing::trace_span;

use crate::animals::api::Api;
use crate::animals::{ANIMALS, Pace, Screen, ask_or_excuse};

/// Types a sentence without a lock, while other threads type theirs.
pub fn type_broken(sentence: &str, pause: Duration, others: &Barrier) {
    let mut letters = sentence.chars();
    if let Some(first) = letters.next() {
        Screen.type_letter(first);
    }
    // Every thread has typed one letter by now, so no line can be whole.
    others.wait();
    Screen.type_out(letters.as_str(), pause);
}

/// Asks all animals at once, each in its own thread.
///
/// # Errors
///
/// The server cannot be started.
pub fn demo(pace: Pace) -> io::Result<()> {
    let api = Api::start(pace.delay, 16)?;
    let url = api.url();
    let others = Barrier::new(ANIMALS.len());
    let start = Instant::now();
    thread::scope(|scope| {
        for animal in ANIMALS {
            let (url, others) = (&url, &others);
            scope.spawn(move || {
                let sentence = ask_or_excuse(url, animal);
                let _runs =
                    trace_span!("runs", lane = animal, "types").entered();
                type_broken(&sentence, pace.typing, others);
            });
        }
    });
    eprintln!("{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
