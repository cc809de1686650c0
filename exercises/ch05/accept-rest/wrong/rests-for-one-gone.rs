//! It rests for every error, also for a client that left.

use std::time::Duration;

use tokio::time::sleep;

/// Why there is no client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It left before it was accepted.
    Gone,
    /// The process has no descriptor left.
    NoRoom,
    /// The listener is closed.
    Closed,
}

const FIRST: Duration = Duration::from_millis(100);
const MOST: Duration = Duration::from_secs(1);

/// Accepts clients until the listener is closed.
pub async fn accept_all(
    mut accept: impl AsyncFnMut() -> Result<u32, Refused>,
    mut serve: impl FnMut(u32),
) {
    let mut rest = FIRST;
    loop {
        match accept().await {
            Ok(client) => {
                rest = FIRST;
                serve(client);
            }
            Err(Refused::Gone | Refused::NoRoom) => {
                sleep(rest).await;
                rest = MOST.min(rest * 2);
            }
            Err(Refused::Closed) => return,
        }
    }
}
