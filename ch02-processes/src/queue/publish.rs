//! A message is published until it is there, and is there once.

use std::time::Duration;

use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use tokio::time::sleep;

use super::broker::Broker;

const PAUSE: Duration = Duration::from_millis(100);

impl Broker {
    /// Publishes a message and waits until the broker has written it down.
    ///
    /// Tries until it has. The broker takes `id` once: a message that had
    /// arrived, and whose receipt had not, is not there twice.
    ///
    /// # Errors
    ///
    /// What trying again does not cure: the message is too long.
    pub async fn publish(
        &self,
        subject: String,
        id: String,
        payload: Vec<u8>,
    ) -> Result<(), PublishError> {
        loop {
            let message = PublishMessage::build()
                .message_id(&id)
                .payload(payload.clone().into());
            let sent = self.context.send_publish(subject.clone(), message);
            let receipt = match sent.await {
                Ok(receipt) => receipt.await,
                Err(err) => Err(err),
            };
            match receipt {
                Ok(_) => return Ok(()),
                Err(err) if passes(err.kind()) => sleep(PAUSE).await,
                Err(err) => return Err(err),
            }
        }
    }
}

/// Tells whether a broker that was restarted meanwhile would say this: at first
/// it does not answer, then it has not yet read its streams.
fn passes(kind: PublishErrorKind) -> bool {
    use PublishErrorKind::{
        BrokenPipe, MaxAckPending, StreamNotFound, TimedOut,
    };
    matches!(kind, TimedOut | BrokenPipe | StreamNotFound | MaxAckPending)
}
