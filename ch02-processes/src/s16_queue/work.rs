//! A worker: takes a job, answers, and only then says that it is done.

use async_nats::jetstream::consumer::pull::MessagesErrorKind;
use async_nats::jetstream::{AckKind, Message};
use futures::StreamExt;
use tokio::task;
use tokio::time::sleep;

use super::broker::{ACK_WAIT, Broker};
use super::{SendError, interrupted};
use crate::s05_frames::{Reply, Request, encode};
use crate::s07_pool::worker::answer;

/// As many workers may take a job and not finish it, before it is given up.
const TRIES: i64 = 3;

/// Does jobs until Ctrl-C, and returns how many.
///
/// # Errors
///
/// The broker's.
pub async fn run(broker: &Broker) -> Result<u64, SendError> {
    let mut jobs = broker.jobs().await?;
    let mut interrupted = interrupted();
    let mut done = 0;
    loop {
        // Ctrl-C counts between two jobs. A job that arrives at this moment
        // comes to another worker, after a while.
        let next = tokio::select! {
            _ = &mut interrupted => return Ok(done),
            next = jobs.next() => next,
        };
        match next {
            Some(Ok(job)) => {
                work(broker, &job).await?;
                done += 1;
            }
            // The broker is away. The client asks again when it is back.
            Some(Err(err))
                if err.kind() != MessagesErrorKind::ConsumerDeleted =>
            {
                sleep(ACK_WAIT / 10).await;
            }
            Some(Err(err)) => return Err(err.into()),
            None => return Err("the broker closed the queue".into()),
        }
    }
}

async fn work(broker: &Broker, job: &Message) -> Result<(), SendError> {
    let run = job.subject.rsplit('.').next().unwrap_or_default();
    let Ok(Request::Job { id, input }) = serde_json::from_slice(&job.payload)
    else {
        eprintln!("{}: no job: thrown away", job.subject);
        // Otherwise it would come again, to everybody.
        return job.ack_with(AckKind::Term).await;
    };
    let reply = if job.info()?.delivered > TRIES {
        let error = format!("given up: {TRIES} workers did not finish it");
        Reply::Failed { id, error }
    } else {
        // On a thread of its own: this one gives the signs of life.
        let mut reply = task::spawn_blocking(move || answer(id, &input));
        loop {
            tokio::select! {
                reply = &mut reply => break reply?,
                () = sleep(ACK_WAIT / 3) => {
                    job.ack_with(AckKind::Progress).await?;
                }
            }
        }
    };
    // Whoever dies before the answer is written down has not done the job; who
    // dies after it, before the next line, has it done twice. The second answer
    // has the same id.
    let (subject, id) =
        (format!("plates.answers.{run}"), format!("{run}.{id}"));
    broker.publish(subject, id, encode(&reply)?).await?;
    job.ack().await
}
