//! A submitter: puts lines into the queue, and gets each answer once.

use std::collections::BTreeSet;
use std::thread;

use async_nats::jetstream::context::PublishErrorKind;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc::{self, Receiver};
use tour::interrupt;

use super::broker::Broker;
use super::{SendError, interrupted};
use crate::framing::{Reply, Request, encode};
use crate::pool::input::{self, Job, Lines};
use crate::pool::report::{Failure, Report};
use crate::pool::team::End;

/// How many lines may be under way: in the queue, with a worker, or done ahead
/// of their turn. The next line is read when one of them was printed.
pub const AHEAD: u64 = 1000;

/// Submits every line and reports every answer.
///
/// # Errors
///
/// The input's, or the broker's.
pub async fn run(
    broker: &Broker,
    lines: Lines,
    report: &mut Report,
) -> Result<End, SendError> {
    // A name of its own: the answers go to this submitter only.
    let run = broker.client.new_inbox().replace(['.', '_'], "");
    let mut answers = broker.answers(&run).await?;
    let (mut interrupted, _listening) =
        interrupted(|tell| interrupt::listen(tell));
    let mut lines = read(lines);
    let mut under_way = FuturesUnordered::new();
    let mut open = BTreeSet::new();
    let (mut read, mut free, mut end) = (0, AHEAD, None);
    while end.is_none() || report.finished() < read {
        report.flush();
        tokio::select! {
            _ = &mut interrupted, if end != Some(End::Interrupted) => {
                end = Some(End::Interrupted);
                let due = read - report.finished();
                report.note(&format!("{due} answers are due; again: leave"));
            }
            line = lines.recv(), if end.is_none() && free > 0 => match line {
                None => end = Some(End::Done),
                Some(line) => {
                    (read, free) = (read + 1, free - 1);
                    match line? {
                        Ok(job) => {
                            open.insert(job.id);
                            under_way.push(submit(broker, &run, job));
                        }
                        Err(why) => {
                            free += report.job(read, Err(Failure::Job(why)));
                        }
                    }
                }
            },
            Some((id, stored)) = under_way.next() => {
                if let Err(why) = stored? && open.remove(&id) {
                    free += report.job(id, Err(Failure::Job(why)));
                }
            }
            Some(answer) = answers.next() => {
                // The broker is unreachable. The client reconnects by itself.
                let Ok(answer) = answer else { continue };
                let (id, outcome) = match serde_json::from_slice(&answer.payload)? {
                    Reply::Done { id, output } => (id, Ok(output)),
                    Reply::Failed { id, error } => (id, Err(Failure::Job(error))),
                };
                // The broker remembers ids for two minutes, and across a
                // restart only the ids of messages that it still has. So the
                // submitter remembers its jobs, too.
                if open.remove(&id) {
                    free += report.job(id, outcome);
                }
                answer.ack().await?;
            }
        }
    }
    broker.forget(&run).await?;
    Ok(end.unwrap_or(End::Done))
}

/// Reads lines on a thread of its own, which waits until a line is taken.
fn read(mut lines: Lines) -> Receiver<std::io::Result<Result<Job, String>>> {
    let (tx, rx) = mpsc::channel(1);
    // Not joined: it may be reading from a terminal without input.
    thread::spawn(move || {
        for id in 1.. {
            let Some(line) = input::next(&mut lines, id).transpose() else {
                break;
            };
            if tx.blocking_send(line).is_err() {
                break;
            }
        }
    });
    rx
}

/// Puts a job into the queue, or returns why it cannot.
async fn submit(
    broker: &Broker,
    run: &str,
    job: Job,
) -> (u64, Result<Result<(), String>, SendError>) {
    let id = job.id;
    let request = Request::Job {
        id,
        input: job.input,
    };
    let stored = async {
        let frame = encode(&request)?;
        let subject = format!("plates.jobs.{run}");
        let stored = broker.publish(subject, format!("{run}.{id}"), frame);
        match stored.await {
            Err(err) if err.kind() == PublishErrorKind::MaxPayloadExceeded => {
                Ok(Err("too long for the broker".to_string()))
            }
            stored => Ok(Ok(stored?)),
        }
    };
    (id, stored.await)
}
