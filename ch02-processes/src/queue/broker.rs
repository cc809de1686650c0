//! The broker: two streams on its disk, one of jobs and one of answers.
//!
//! A message leaves its stream when a worker acknowledges it, and not before.

use std::time::Duration;

use super::SendError;
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::consumer::pull::{Config as Pull, Stream};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy};
use async_nats::jetstream::{Context, ContextBuilder, Message};
use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use futures::StreamExt;
use tokio::time::timeout;

/// How long a job may be without a sign of life from its worker.
pub const ACK_WAIT: Duration = Duration::from_secs(3);

/// How long a worker asks for a job before it asks again.
const FETCH_TIMEOUT: Duration = Duration::from_secs(1);
const JOBS: &str = "PLATES_JOBS";
const ANSWERS: &str = "PLATES_ANSWERS";
/// Answers that no process fetches: their submitter is gone.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A connection to a broker that has our two streams.
pub struct Broker {
    /// The client, which connects again by itself.
    pub client: Client,
    pub(super) context: Context,
}

impl Broker {
    /// Connects, and sees to it that the streams are there.
    ///
    /// # Errors
    ///
    /// There is no broker, or none that keeps messages; the message names it.
    pub async fn connect(url: &str) -> Result<Broker, SendError> {
        let at: ServerAddr = url.parse()?;
        // Without what the URL may have before an `@`.
        let at = format!("{}:{}", at.host(), at.port());
        let name = at.clone();
        let options = ConnectOptions::new()
            .max_reconnects(None)
            .event_callback(move |event| say(event, name.clone()));
        let client = options.connect(url).await.map_err(|err| {
            format!("no broker at {at}: {err}; `nats-server -js` is one")
        })?;
        let context = ContextBuilder::new()
            .ack_timeout(Duration::from_secs(2))
            .build(client.clone());
        let broker = Broker { client, context };
        broker.streams().await.map_err(|err| {
            format!("the broker at {at}: {err}; `nats-server -js` keeps jobs")
        })?;
        Ok(broker)
    }

    async fn streams(&self) -> Result<(), SendError> {
        let jobs = Config {
            name: JOBS.to_string(),
            subjects: vec!["plates.jobs.*".to_string()],
            // Each job is for one worker, and gone when it is acknowledged.
            retention: RetentionPolicy::WorkQueue,
            // A stream that is full refuses; the other policy forgets the
            // oldest.
            discard: DiscardPolicy::New,
            ..Config::default()
        };
        let answers = Config {
            name: ANSWERS.to_string(),
            subjects: vec!["plates.answers.*".to_string()],
            max_age: KEPT,
            ..jobs.clone()
        };
        for stream in [jobs, answers] {
            let name = stream.name.clone();
            let made = self.context.get_or_create_stream(stream).await;
            // Of two that start at once, one may be refused what the other has
            // made since.
            if made.is_err() && self.context.get_stream(name).await.is_err() {
                made?;
            }
        }
        Ok(())
    }

    /// Returns the list of all submitters' jobs, to [`take`] from.
    ///
    /// # Errors
    ///
    /// The broker's.
    pub async fn jobs(&self) -> Result<PullConsumer, SendError> {
        let config = Pull {
            durable_name: Some("workers".to_string()),
            ack_wait: ACK_WAIT,
            ..Pull::default()
        };
        let jobs = self.context.create_consumer_on_stream(config, JOBS);
        Ok(jobs.await?)
    }

    /// Returns the answers to one submitter's jobs.
    ///
    /// # Errors
    ///
    /// The broker's.
    pub async fn answers(&self, run: &str) -> Result<Stream, SendError> {
        let config = Pull {
            // With a name it outlives a restart of the broker.
            durable_name: Some(run.to_string()),
            filter_subject: format!("plates.answers.{run}"),
            inactive_threshold: KEPT,
            ..Pull::default()
        };
        let context = &self.context;
        let answers = context.create_consumer_on_stream(config, ANSWERS);
        let answers = answers.await?;
        let answers = answers
            .stream()
            // Asks again after that long, for the broker may have forgotten.
            .expires(Duration::from_secs(5))
            .heartbeat(Duration::from_secs(1));
        Ok(answers.messages().await?)
    }

    /// Removes what is left of a submitter who has all answers.
    ///
    /// Something is left if a process was killed: an answer given twice,
    /// a job whose removal the broker had not written to the disk.
    ///
    /// # Errors
    ///
    /// The broker's.
    pub async fn forget(&self, run: &str) -> Result<(), SendError> {
        let answers = self.context.get_stream(ANSWERS).await?;
        answers.delete_consumer(run).await?;
        let left = format!("plates.answers.{run}");
        answers.purge().filter(left).await?;
        let jobs = self.context.get_stream(JOBS).await?;
        jobs.purge().filter(format!("plates.jobs.{run}")).await?;
        Ok(())
    }
}

/// Waits a while for the next job; `None` is none yet.
///
/// One at a time: a job that waits here, behind another one, would be kept from
/// a worker who has time.
///
/// # Errors
///
/// The broker is away.
pub async fn take(jobs: &PullConsumer) -> Result<Option<Message>, SendError> {
    let taken = async {
        let one = jobs.batch().max_messages(1).expires(FETCH_TIMEOUT);
        one.messages().await?.next().await.transpose()
    };
    // The broker says when the time is over, if it is there.
    timeout(FETCH_TIMEOUT * 2, taken).await?
}

async fn say(event: Event, broker: String) {
    match event {
        Event::Disconnected => {
            eprintln!("the broker at {broker} is gone; waiting for it");
        }
        Event::Connected => eprintln!("connected to {broker}"),
        _ => {}
    }
}
