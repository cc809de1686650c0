//! A worker: takes a job, answers, and only then acknowledges it.

use async_nats::jetstream::{AckKind, Message};
use tokio::task;
use tokio::time::sleep;
use tour::interrupt;

use super::broker::{ACK_WAIT, Broker, take};
use super::{SendError, interrupted};
use crate::framing::{Reply, Request, encode};
use crate::pool::worker::answer;

/// A job has failed when this many workers took it and did not finish it.
const TRIES: i64 = 3;

/// Does jobs until Ctrl-C, and returns how many.
///
/// # Errors
///
/// The broker's.
pub async fn run(broker: &Broker) -> Result<u64, SendError> {
    let jobs = broker.jobs().await?;
    // A worker runs until a signal: it ends normally, not by the signal.
    let (mut interrupted, _listening) =
        interrupted(|tell| interrupt::take(|_| true, tell));
    let mut done = 0;
    loop {
        // Ctrl-C takes effect between two jobs. A job that arrives at this
        // moment goes to another worker, after a while.
        let next = tokio::select! {
            _ = &mut interrupted => return Ok(done),
            next = take(&jobs) => next,
        };
        match next {
            Ok(Some(job)) => {
                work(broker, &job).await?;
                done += 1;
            }
            Ok(None) => {}
            // The client reconnects by itself.
            Err(_) => sleep(ACK_WAIT / 10).await,
        }
    }
}

async fn work(broker: &Broker, job: &Message) -> Result<(), SendError> {
    let run = job.subject.rsplit('.').next().unwrap_or_default();
    let Ok(Request::Job { id, input }) = serde_json::from_slice(&job.payload)
    else {
        eprintln!("{}: no job: thrown away", job.subject);
        // Otherwise the broker would deliver it again, for ever.
        return job.ack_with(AckKind::Term).await;
    };
    let reply = if job.info()?.delivered > TRIES {
        let error = format!("given up: {TRIES} workers did not finish it");
        Reply::Failed { id, error }
    } else {
        // On a thread of its own: this task acknowledges the progress.
        let mut reply = task::spawn_blocking(move || answer(id, &input));
        let mut signs = 0;
        loop {
            tokio::select! {
                reply = &mut reply => break reply?,
                () = sleep(ACK_WAIT / 3) => {
                    job.ack_with(AckKind::Progress).await?;
                    signs += 1;
                    if signs == 1 {
                        eprintln!("job {id} takes a while");
                    }
                }
            }
        }
    };
    // If this worker dies before the answer is stored, another does the job. If
    // it dies after that and before the next line, the job is done twice, and
    // the second answer has the same id.
    let (subject, id) =
        (format!("plates.answers.{run}"), format!("{run}.{id}"));
    broker.publish(subject, id, encode(&reply)?).await?;
    job.ack().await
}
