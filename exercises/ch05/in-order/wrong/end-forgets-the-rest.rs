//! The last request is the end, also for requests without a reply yet.

use std::collections::VecDeque;

use tokio::select;
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
    let mut more = true;
    let mut under_way = VecDeque::new();
    while more {
        select! {
            request = requests.recv(), if more && under_way.len() < window => {
                match request {
                    Some(request) => {
                        under_way.push_back(tokio::spawn(answer(request)));
                    }
                    None => more = false,
                }
            }
            // The block is polled only if there is a front.
            reply = async { (&mut under_way[0]).await },
                if !under_way.is_empty() =>
            {
                under_way.pop_front();
                // Without a reply the next one would be taken for it.
                let Ok(reply) = reply else { return };
                if replies.send(reply).await.is_err() {
                    return;
                }
            }
        }
    }
}
