//! A task is stopped by `abort`, which drops it, or asked by a token.
//!
//! Python's `task.cancel()` raises an exception inside the task, which the task
//! may catch. Of the five ways to stop a spinner here, only the token asks.
//!
//! cargo run -p ch04-async -- spinner

use std::time::Duration;

use tokio::time;
use tracing::{Instrument, trace_span};

mod abort;
pub mod cli;
mod dropped;
mod line;
mod token;

pub use abort::{callback, spin, supervisor};
pub use dropped::{detach, drop_future};
pub use line::{Event, GLYPHS, History, Line};
pub use token::{ask, spin_until};

/// How long a frame stays.
pub const FRAME: Duration = Duration::from_millis(100);

// Work ends between two frames, never with one: whether a frame at 3.00 s came
// before an answer at 3.00 s would be luck, and decide a printed number.
const LONG: Duration = Duration::from_millis(3_050);
// The same holds twice over: 0.86 s is no frame's time either.
const SHORT: Duration = Duration::from_millis(430);

/// Waits for `work`, as a slow call over the network would, and answers 42.
///
/// Calling it does nothing yet: a future runs when it is awaited. Python says
/// "coroutine was never awaited" at run time, rustc before:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// async fn forgetful() {
///     ch04_async::spinner::slow(std::time::Duration::ZERO);
/// }
/// ```
pub async fn slow(work: Duration) -> u32 {
    let waits = trace_span!("waits", "for the slow call");
    time::sleep(work).instrument(waits).await;
    42
}

/// Stops one spinner by an abort, and asks another to stop.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, "Spinner with Coroutines".
pub async fn demo() {
    println!("abort: the supervisor stops the spinner");
    supervisor(LONG).await;
    println!("token: the spinner is asked to stop");
    ask(SHORT).await;
}

/// Stops spinners in the ways that are not needed so often.
pub async fn more() {
    println!("callback: the slow task stops it, in its last line");
    callback(SHORT).await;
    println!("detach: its JoinHandle is dropped");
    detach(SHORT).await;
    println!("drop: the future itself is dropped, by select!");
    drop_future(SHORT).await;
}
