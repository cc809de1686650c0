//! Three threads ask at the same time; who has the lock types.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::thread;

use ch01_threads::animals::api::Api;
use ch01_threads::animals::{ANIMALS, Pace, Screen, ask_or_excuse};

use crate::trace::Trace;

pub fn run(trace: &Arc<Trace>) -> Result<(), Box<dyn Error>> {
    let pace = Pace::default();
    let api = Api::start(pace.delay, 16)?;
    let url = api.url();
    let screen = Mutex::new(Screen);
    thread::scope(|scope| {
        for animal in ANIMALS {
            let (url, screen) = (&url, &screen);
            // The three lines of `ask_and_type`, and what is between them.
            scope.spawn(move || {
                trace.tell(animal, "waits", "asks");
                let sentence = ask_or_excuse(url, animal);
                trace.tell(animal, "waits", "for the lock");
                let mut screen = screen.lock().expect("typing does not panic");
                trace.tell(animal, "holds", "types");
                screen.type_out(&sentence, pace.typing);
                // Before the lock is released: the next may hold it at once.
                trace.tell(animal, "ends", "");
            });
        }
    });
    Ok(())
}
