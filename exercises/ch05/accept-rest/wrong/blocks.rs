//! It rests with its whole thread, and so do all the others.

use std::thread::sleep;
use std::time::Duration;

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
            // The next one may be there already.
            Err(Refused::Gone) => {}
            Err(Refused::NoRoom) => {
                sleep(rest);
                rest = MOST.min(rest * 2);
            }
            Err(Refused::Closed) => return,
        }
    }
}
