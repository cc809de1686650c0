//! A process turns while its parent makes a slow call.

use std::error::Error;
use std::sync::mpsc;

use ch02_processes::spinner::{Spinner, slow};

use crate::trace::Trace;

pub fn run(trace: &Trace) -> Result<(), Box<dyn Error>> {
    let (_nobody, interrupted) = mpsc::channel();
    trace.tell("parent", "runs", "starts the child");
    let mut spinner = Spinner::start()?;
    trace.tell("child", "runs", "turns");
    trace.tell("parent", "waits", "for the slow call");
    slow(&interrupted, false).map_err(|_| "there is no answer")?;
    trace.tell("parent", "mark", "the answer is there: closes the pipe");
    trace.tell("parent", "waits", "for the child's end");
    spinner.stop()?;
    trace.tell("child", "ends", "");
    trace.tell("parent", "ends", "");
    Ok(())
}
