//! A spinner turns beside a slow call, on a paused clock.

use std::sync::Arc;
use std::time::Duration;

use ch04_async::spinner::{Event, History, Line, slow, spin};
use tokio::{task, time};

use crate::trace::Trace;

/// The lines of `supervisor`, and what is between them.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn run() {
    let trace = Arc::new(Trace::start("virtual"));
    let (line, history) = Line::new("thinking!");
    trace.tell("spinner", "waits", "");
    let spinner = task::spawn(spin(line));
    let watcher = task::spawn(watch(history, Arc::clone(&trace)));
    trace.tell("main", "waits", "for the slow call");
    slow(Duration::from_millis(1_050)).await;
    spinner.abort();
    trace.tell("main", "mark", "aborts the spinner");
    trace.tell("main", "waits", "for its end");
    spinner.await.expect_err("it was aborted");
    trace.tell("spinner", "ends", "");
    trace.tell("main", "ends", "");
    watcher.abort();
}

/// Tells each frame, in the millisecond in which it is drawn.
pub async fn watch(history: History, trace: Arc<Trace>) {
    loop {
        // Whoever draws in this millisecond comes first.
        task::yield_now().await;
        for event in history.take() {
            if event == Event::Frame {
                trace.tell("spinner", "mark", "frame");
            }
        }
        time::sleep(Duration::from_millis(1)).await;
    }
}
