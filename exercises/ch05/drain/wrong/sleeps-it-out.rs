//! It takes the whole time, also when all have finished.

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use tokio::time::sleep;

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
    let mut under_way = JoinSet::new();
    loop {
        select! {
            // The end first: what waits is not begun any more.
            biased;
            () = &mut end => break,
            // A job that is done leaves the set, or it would grow for ever. That
            // a job panicked is its own affair.
            Some(_) = under_way.join_next() => {}
            job = jobs.recv() => match job {
                Some(job) => drop(under_way.spawn(job)),
                None => break,
            },
        }
    }
    // Now a sender that offers a job is refused.
    drop(jobs);
    sleep(drain).await;
    while under_way.try_join_next().is_some() {}
    let cut_off = under_way.len();
    under_way.shutdown().await;
    cut_off
}
