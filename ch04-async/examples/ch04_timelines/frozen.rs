//! A spinner on one thread, and work that first blocks it and then does not.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ch04_async::spinner::{Line, spin};
use tokio::{task, time};

use crate::spinner::watch;
use crate::trace::Trace;

#[tokio::main(flavor = "current_thread")]
pub async fn run() {
    let trace = Arc::new(Trace::start("real"));
    let work = || thread::sleep(Duration::from_millis(450));
    let (line, history) = Line::new("thinking!");
    trace.tell("spinner", "waits", "");
    let spinner = task::spawn(spin(line));
    // On the thread that may be blocked: while it is, nobody tells anything.
    let watcher = task::spawn(watch(history, Arc::clone(&trace)));
    trace.tell("main", "waits", "sleeps");
    time::sleep(Duration::from_millis(250)).await;
    trace.tell("main", "blocks", "thread::sleep");
    work();
    trace.tell("main", "waits", "spawn_blocking");
    task::spawn_blocking(work).await.expect("it does not panic");
    trace.tell("main", "ends", "");
    spinner.abort();
    spinner.await.expect_err("it was aborted");
    trace.tell("spinner", "ends", "");
    watcher.abort();
}
