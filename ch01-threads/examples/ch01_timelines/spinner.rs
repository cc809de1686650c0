//! A thread turns while another makes a slow call.

use std::error::Error;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use ch01_threads::spinner::{slow, spin};

use crate::trace::Trace;

pub fn run(trace: &Arc<Trace>) -> Result<(), Box<dyn Error>> {
    thread::scope(|scope| {
        let (working, done) = mpsc::channel();
        // The lines of `supervise`, and what is between them.
        trace.tell("main", "waits", "for the slow call");
        let spinner = scope.spawn(move || {
            trace.tell("spinner", "runs", "turns");
            spin("thinking!", Duration::from_millis(100), &done);
            trace.tell("spinner", "ends", "");
        });
        slow()?;
        trace.tell("main", "mark", "the answer is there: drops the sender");
        drop(working);
        trace.tell("main", "waits", "joins");
        spinner.join().expect("the spinner does not panic");
        trace.tell("main", "ends", "");
        Ok(())
    })
}
