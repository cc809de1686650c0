//! A result that is not there is a value, not an exception.
//!
//! Python's futures raise `InvalidStateError` in three cases. Here the first is
//! a `None` or an `Err`, the second does not compile, the third cannot be said.
//!
//! cargo run -p ch04-async -- unfinished

use tokio::sync::oneshot;
use tokio::task;

use crate::block_on::promise;

/// Asks our promise and tokio's channel for what is not there.
pub async fn ask_too_early() {
    let (setter, mut ours) = promise::<u32>();
    let (sender, mut theirs) = oneshot::channel::<u32>();
    println!("not set yet");
    println!("  promise: {:?}", ours.try_take());
    println!("  oneshot: {:?}", theirs.try_recv());

    println!("never to be set");
    drop((setter, sender));
    // Python's future does not know: a task that awaits it waits for ever.
    println!("  promise: {:?}", ours.await);
    println!("  oneshot: {:?}", theirs.await);
}

/// Sets a value whose receiver is gone.
pub fn set_for_nobody() {
    let (sender, receiver) = oneshot::channel();
    drop(receiver);
    // The value comes back. A second `send` does not compile: the first one
    // used the sender up.
    println!("the receiver is gone\n  oneshot: {:?}", sender.send(42));
}

/// Returns what happens when a future that is done is awaited: here, in a
/// callback, and in the line after both.
pub async fn order_of_callbacks() -> Vec<&'static str> {
    let (sender, receiver) = oneshot::channel();
    let (done, news) = std::sync::mpsc::channel();
    let callback = done.clone();
    sender.send(42).expect("the receiver is alive");
    // The nearest thing to `add_done_callback`: a task that awaits. Even for a
    // future that is done it has to wait for its turn.
    let task = task::spawn(async move {
        receiver.await.expect("it was sent");
        callback.send("in the callback").ok();
    });
    done.send("after adding the callback").ok();
    std::future::ready(42).await;
    done.send("after awaiting what is ready").ok();
    task.await.expect("it does not panic");
    drop(done);
    news.into_iter().collect()
}

/// Shows the states of a future that is not, or no longer, waiting.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, "asyncio.Future: Nonblocking by
/// Design".
pub async fn demo() {
    ask_too_early().await;
    set_for_nobody();
    println!("done when it is asked");
    for step in order_of_callbacks().await {
        println!("  {step}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot::error::TryRecvError;

    #[test]
    fn asking_too_early_is_an_answer_and_changes_nothing() {
        let (sender, mut receiver) = oneshot::channel();
        for _ in 0..3 {
            assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
        }
        sender.send(42).unwrap();
        assert_eq!(receiver.try_recv(), Ok(42));
    }

    #[test]
    fn a_promise_is_taken_once() {
        let (setter, mut promise) = promise();
        setter.set(42);
        assert_eq!(promise.try_take(), Some(42));
        assert_eq!(promise.try_take(), None);
    }

    #[tokio::test]
    async fn a_callback_waits_for_its_turn_even_on_a_done_future() {
        let steps = order_of_callbacks().await;
        assert_eq!(steps.last(), Some(&"in the callback"));
    }
}
