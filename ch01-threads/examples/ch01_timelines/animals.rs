//! One thread asks and types, animal by animal.

use std::error::Error;
use std::sync::Arc;

use ch01_threads::animals::api::Api;
use ch01_threads::animals::{ANIMALS, Pace, Screen, ask};

use crate::trace::Trace;

pub fn run(trace: &Arc<Trace>) -> Result<(), Box<dyn Error>> {
    let pace = Pace::default();
    let api = Api::start(pace.delay, 16)?;
    for animal in ANIMALS {
        trace.tell(animal, "waits", "asks");
        let sentence = ask(&api.url(), animal)?;
        trace.tell(animal, "runs", "types");
        Screen.type_out(&sentence, pace.typing);
        trace.tell(animal, "ends", "");
    }
    Ok(())
}
