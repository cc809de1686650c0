//! Each answer sends its own reply, when it is ready.

use tokio::select;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::task::JoinSet;

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
    let mut more = true;
    let mut under_way = JoinSet::new();
    while more || !under_way.is_empty() {
        select! {
            request = requests.recv(), if more && under_way.len() < window => {
                match request {
                    Some(request) => {
                        under_way.spawn(answer(request));
                    }
                    None => more = false,
                }
            }
            Some(reply) = under_way.join_next() => {
                // Without a reply the next one would be taken for it.
                let Ok(reply) = reply else { return };
                if replies.send(reply).await.is_err() {
                    return;
                }
            }
        }
    }
}
