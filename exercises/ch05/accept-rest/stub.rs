//! Backoff: rest after a failed accept. Yours to finish.
//!
//! cargo xtask exercise ch05 accept-rest

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
    // The first error ends the server.
    while let Ok(client) = accept().await {
        serve(client);
    }
}
