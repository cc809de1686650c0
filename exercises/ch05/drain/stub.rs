//! Graceful shutdown: finish the jobs that have begun. Yours to finish.
//!
//! cargo xtask exercise ch05 drain

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc::Receiver;

/// What a client wants done.
pub type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs jobs until `end`, then gives them `drain` to finish.
///
/// Returns how many were cut off.
pub async fn serve(
    mut jobs: Receiver<Job>,
    end: impl Future<Output = ()>,
    drain: Duration,
) -> usize {
    let mut end = pin!(end);
    loop {
        select! {
            () = &mut end => break,
            job = jobs.recv() => match job {
                Some(job) => drop(tokio::spawn(job)),
                None => break,
            },
        }
    }
    // The jobs under way are not kept, and so not waited for.
    let _ = drain;
    0
}
