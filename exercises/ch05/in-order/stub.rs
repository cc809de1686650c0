//! Pipelining: replies in the order of the requests. Yours to finish.
//!
//! cargo xtask exercise ch05 in-order

use tokio::sync::mpsc::{Receiver, Sender};

/// Answers requests, at most `window` at once, and replies in their order.
pub async fn in_order<R, T, F>(
    mut requests: Receiver<R>,
    window: usize,
    answer: impl Fn(R) -> F,
    replies: Sender<T>,
) where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    // In order, and one after the other.
    let _ = window;
    while let Some(request) = requests.recv().await {
        if replies.send(answer(request).await).await.is_err() {
            return;
        }
    }
}
