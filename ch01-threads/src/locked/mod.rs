//! Critical section: the lock covers the typing and nothing else (act two).
//!
//! The requests still overlap: a thread takes the lock when it has its answer.
//!
//! cargo run -p ch01-threads -- locked

use std::io;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use tracing::{trace, trace_span};

use crate::animals::api::Api;
use crate::animals::{ANIMALS, Pace, Screen, ask_or_excuse};

/// Asks the API, waits for the screen, types.
pub fn ask_and_type(
    url: &str,
    animal: &str,
    screen: &Mutex<Screen>,
    pace: Pace,
) {
    let sentence = ask_or_excuse(url, animal);
    trace!(lane = animal, state = "waits", "for the lock");
    let mut screen = screen.lock().expect("typing does not panic");
    // Dropped before `screen`: the span ends while the lock is still held.
    let _holds = trace_span!("holds", lane = animal, "types").entered();
    screen.type_out(&sentence, pace.typing);
}

/// Asks all animals at once; each types its line undisturbed.
///
/// # Errors
///
/// The server cannot be started.
pub fn demo(pace: Pace) -> io::Result<()> {
    let api = Api::start(pace.delay, 16)?;
    let url = api.url();
    let screen = Mutex::new(Screen);
    let start = Instant::now();
    thread::scope(|scope| {
        for animal in ANIMALS {
            let (url, screen) = (&url, &screen);
            scope.spawn(move || ask_and_type(url, animal, screen, pace));
        }
    });
    eprintln!("{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
