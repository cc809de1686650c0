//! `task_local!` and `tracing` spans: which request a line of the log is for.
//!
//! cargo run -p ch04-async -- context

use std::cell::Cell;

use tokio::task;
use tracing::{Instrument, info, info_span};
use tracing_subscriber::fmt::TestWriter;

tokio::task_local! {
    /// The number of the request that is served.
    pub static REQUEST: u32;
}

thread_local! {
    static CURRENT: Cell<u32> = const { Cell::new(0) };
}

/// Keeps the request's number in the thread, which other tasks use as well.
pub async fn serve_broken(request: u32) {
    CURRENT.set(request);
    println!("  request {}: looks up", CURRENT.get());
    task::yield_now().await;
    println!("  request {}: found", CURRENT.get());
}

/// Looks up; its parameters do not say for which request.
pub async fn look_up() {
    say("looks up");
    task::yield_now().await;
    say("found");
}

fn say(step: &str) {
    match REQUEST.try_with(|request| *request) {
        Ok(request) => println!("  request {request}: {step}"),
        Err(_) => println!("  no request: {step}"),
    }
}

/// Sets the number for as long as its future runs.
pub async fn serve(request: u32) {
    REQUEST.scope(request, look_up()).await;
}

/// Starts a task, which does not inherit the number.
pub async fn child_broken() {
    let child = tokio::spawn(look_up());
    child.await.expect("the task does not panic");
}

/// Starts a task, and gives it the number.
pub async fn child() {
    let child = tokio::spawn(REQUEST.scope(REQUEST.get(), look_up()));
    child.await.expect("the task does not panic");
}

/// Looks up, and tells `tracing` instead of printing.
pub async fn traced() {
    info!("looks up");
    task::yield_now().await;
    info!("found");
}

/// Enters a span, and does not leave it at the `.await`.
pub async fn span_broken(request: u32) {
    let span = info_span!("request", id = request);
    let _entered = span.enter();
    traced().await;
}

/// Enters the span before each poll, and leaves it after.
pub async fn span(request: u32) {
    let span = info_span!("request", id = request);
    traced().instrument(span).await;
}

/// Serves two requests at once, in each way.
#[tokio::main(flavor = "current_thread")]
pub async fn demo() {
    println!("a thread-local");
    tokio::join!(serve_broken(1), serve_broken(2));
    println!("a task-local");
    tokio::join!(serve(1), serve(2));
    println!("a task-local, and a new task");
    REQUEST.scope(1, child_broken()).await;
    println!("a task-local, handed to a new task");
    REQUEST.scope(1, child()).await;

    // For this thread, until the guard is dropped. A server would call `init`.
    let lines = tracing_subscriber::fmt()
        .without_time()
        .with_target(false)
        .with_level(false);
    let lines = lines.with_ansi(false).with_writer(TestWriter::new());
    let _guard = tracing::subscriber::set_default(lines.finish());
    println!("a span that is entered over an await");
    tokio::join!(span_broken(1), span_broken(2));
    println!("a span of a future");
    tokio::join!(span(1), span(2));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_future_of_a_join_has_its_own_number() {
        let number = async {
            task::yield_now().await;
            REQUEST.get()
        };
        let both = async {
            tokio::join!(
                REQUEST.scope(1, number),
                REQUEST.scope(2, async {
                    task::yield_now().await;
                    REQUEST.get()
                })
            )
        };
        assert_eq!(both.await, (1, 2));
    }

    #[tokio::test]
    async fn a_new_task_has_no_number() {
        let child = REQUEST.scope(1, async {
            tokio::spawn(async { REQUEST.try_get().is_err() }).await
        });
        assert!(child.await.unwrap());
    }
}
