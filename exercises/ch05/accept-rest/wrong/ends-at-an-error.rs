//! An error ends the server, as `?` would.

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

/// Accepts clients until the listener is closed.
pub async fn accept_all(
    mut accept: impl AsyncFnMut() -> Result<u32, Refused>,
    mut serve: impl FnMut(u32),
) {
    loop {
        match accept().await {
            Ok(client) => {
                serve(client);
            }
            // The next one may be there already.
            Err(Refused::Gone) => {}
            Err(Refused::NoRoom) => {
                return;
            }
            Err(Refused::Closed) => return,
        }
    }
}
