//! It wakes itself to look at the clock, again and again.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

/// The time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late;

/// Returns what `work` returns, if it does within `limit`.
pub async fn in_time<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Late> {
    let start = Instant::now();
    let mut work = pin!(work);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if start.elapsed() >= limit {
            return Poll::Ready(Err(Late));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
