//! It rests 100 ms, however often there is no room.

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

/// Accepts clients until the listener is closed.
pub async fn accept_all(
    mut accept: impl AsyncFnMut() -> Result<u32, Refused>,
    mut serve: impl FnMut(u32),
) {
    let rest = FIRST;
    loop {
        match accept().await {
            Ok(client) => {
                serve(client);
            }
            // The next one may be there already.
            Err(Refused::Gone) => {}
            Err(Refused::NoRoom) => {
                sleep(rest).await;
            }
            Err(Refused::Closed) => return,
        }
    }
}
