//! Publishing: repeat until the broker has the message; it keeps it once.

use std::time::Duration;

use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use tokio::time::sleep;

use super::broker::Broker;

const PAUSE: Duration = Duration::from_millis(100);

impl Broker {
    /// Publishes a message and waits until the broker has stored it.
    ///
    /// Repeats until the broker has acknowledged it. The broker takes an `id`
    /// once: if only the acknowledgement was lost, there is no second copy.
    ///
    /// # Errors
    ///
    /// An error that a retry does not cure: the message is too long.
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

/// Says whether the error is one of a broker that is restarting: at first it
/// does not answer, then it has not yet read its streams.
fn passes(kind: PublishErrorKind) -> bool {
    use PublishErrorKind::{
        BrokenPipe, MaxAckPending, StreamNotFound, TimedOut,
    };
    matches!(kind, TimedOut | BrokenPipe | StreamNotFound | MaxAckPending)
}
