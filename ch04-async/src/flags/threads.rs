//! The second engine: the same loop in several threads, over one queue.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use tokio_util::sync::CancellationToken;

use super::client::blocking_client;
use super::fetch_blocking::download;
use super::job::{EngineResult, Event, Events, Job};

/// Downloads with as many threads as there may be connections.
///
/// Python's `ThreadPoolExecutor` in the open: a queue, and workers that take
/// from it until it is empty and closed.
///
/// # Errors
///
/// When there can be no client, or not a single thread.
pub fn run(
    job: Arc<Job>,
    events: Events,
    stop: CancellationToken,
) -> EngineResult {
    let client = blocking_client(&job)?;
    let (queue, codes) = mpsc::channel();
    // A receiver has one owner. In a mutex, the workers use it in turn.
    let codes = Mutex::new(codes);
    for &code in &job.codes {
        events.tell(Event::Queued(code));
        // The receiver is right here: nothing can fail.
        queue.send(code).ok();
    }
    // No item says "stop": the queue ends with its last sender.
    drop(queue);

    let work = || {
        while !stop.is_cancelled() {
            // A statement of its own, so that the lock is released before the
            // download. In `while let` it would be held through it.
            let next =
                codes.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(code) = next else { break };
            download(&client, &job, code, &events);
        }
    };
    run_in_threads(job.connections, work)
}

/// Runs the same function in as many threads, until all have returned.
fn run_in_threads(threads: usize, work: impl Fn() + Sync) -> EngineResult {
    thread::scope(|scope| {
        for n in 0..threads {
            let worker = thread::Builder::new().name(format!("worker-{n}"));
            match worker.spawn_scoped(scope, &work) {
                Ok(_) => {}
                Err(err) if n == 0 => return Err(err.into()),
                // The system has no more. Fewer threads do the same work.
                Err(_) => break,
            }
        }
        Ok(())
    })
}
