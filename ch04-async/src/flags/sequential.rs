//! The first engine: one flag after the other.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::client::blocking_client;
use super::fetch_blocking::download;
use super::job::{EngineResult, Event, Events, Job};

/// Downloads in a loop. The time is the sum of all waits.
///
/// # Errors
///
/// When there can be no client.
pub fn run(
    job: Arc<Job>,
    events: Events,
    stop: CancellationToken,
) -> EngineResult {
    let client = blocking_client(&job)?;
    for &code in &job.codes {
        events.tell(Event::Queued(code));
    }
    for &code in &job.codes {
        if stop.is_cancelled() {
            break;
        }
        download(&client, &job, code, &events);
    }
    Ok(())
}
