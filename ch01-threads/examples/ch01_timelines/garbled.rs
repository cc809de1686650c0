//! Three threads ask and type at the same time.

use std::error::Error;
use std::sync::{Arc, Barrier};
use std::thread;

use ch01_threads::animals::api::Api;
use ch01_threads::animals::{ANIMALS, Pace, ask_or_excuse};
use ch01_threads::garbled::type_broken;

use crate::trace::Trace;

pub fn run(trace: &Arc<Trace>) -> Result<(), Box<dyn Error>> {
    let pace = Pace::default();
    let api = Api::start(pace.delay, 16)?;
    let url = api.url();
    let others = Barrier::new(ANIMALS.len());
    thread::scope(|scope| {
        for animal in ANIMALS {
            let (url, others) = (&url, &others);
            scope.spawn(move || {
                trace.tell(animal, "waits", "asks");
                let sentence = ask_or_excuse(url, animal);
                trace.tell(animal, "runs", "types");
                type_broken(&sentence, pace.typing, others);
                trace.tell(animal, "ends", "");
            });
        }
    });
    Ok(())
}
