//! The third engine: a task for each flag, on one thread.

use std::sync::Arc;

use tokio::runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::client::async_client;
use super::fetch_async::download;
use super::job::{EngineResult, Event, Events, Job};

/// Downloads with an event loop.
///
/// # Errors
///
/// When there can be no client or no event loop.
pub fn run(
    job: Arc<Job>,
    events: Events,
    stop: CancellationToken,
) -> EngineResult {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        // For files and for the names of servers. The default of 512 is meant
        // for threads that wait; these wait for one disk.
        .max_blocking_threads(4)
        .build()?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = supervise(job, events) => result,
            // The set of tasks is dropped with the future that owns it, and
            // with the set every task, wherever it waits.
            () = stop.cancelled() => Ok(()),
        }
    });
    // Looking up a name blocks a thread and cannot be given up. Dropping the
    // runtime would wait for it.
    runtime.shutdown_background();
    result
}

async fn supervise(job: Arc<Job>, events: Events) -> EngineResult {
    let client = async_client(&job)?;
    // There are as many tasks as flags: a waiting task costs little. How many
    // are under way, the permits decide.
    let permits = Arc::new(Semaphore::new(job.connections));
    let mut tasks = JoinSet::new();
    for &code in &job.codes {
        events.tell(Event::Queued(code));
        let (client, job) = (client.clone(), Arc::clone(&job));
        let (permits, events) = (Arc::clone(&permits), events.clone());
        tasks.spawn(async move {
            download(&client, &job, code, &permits, &events).await;
        });
    }
    // In the order in which they end. Which flag it was, the events tell; one
    // that panicked tells nothing, and will be missed in the sum.
    while tasks.join_next().await.is_some() {}
    Ok(())
}
