//! tokio's channels: `mpsc`, `oneshot`, `watch`, `broadcast`, and an actor.
//!
//! cargo run -p ch04-async -- channels

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::{self, JoinSet};

/// mpsc: a queue with room for two, which slows its sender down.
pub async fn queue() {
    let (sender, mut receiver) = mpsc::channel(2);
    let producer = tokio::spawn(async move {
        for n in 1..=4 {
            sender.send(n).await.expect("the receiver is there");
            println!("  sent {n}");
        }
    });
    while let Some(n) = receiver.recv().await {
        println!("  received {n}");
    }
    println!("  the senders are gone");
    producer.await.expect("the task does not panic");
}

/// oneshot: one value, once.
pub async fn answer() {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move { sender.send("tea").ok() });
    println!("  answer: {:?}", receiver.await);

    let (sender, receiver) = oneshot::channel::<&str>();
    drop(sender);
    println!("  no answer: {:?}", receiver.await);
}

/// watch: the newest value; those in between may never be seen.
pub async fn newest() {
    let (sender, mut receiver) = watch::channel("closed");
    println!("  at first: {}", *receiver.borrow());
    for state in ["opening", "open", "busy"] {
        sender.send_replace(state);
    }
    receiver.changed().await.expect("the sender is there");
    println!("  changed: {}", *receiver.borrow_and_update());
}

/// broadcast: every value for every receiver, as long as it keeps up.
pub async fn to_all() {
    let (sender, mut quick) = broadcast::channel(2);
    let mut slow = sender.subscribe();
    for n in 1..=5 {
        sender.send(n).expect("there are receivers");
        let n = quick.recv().await.expect("it keeps up");
        println!("  quick: {n}");
    }
    drop(sender);
    loop {
        match slow.recv().await {
            Ok(n) => println!("  slow: {n}"),
            Err(RecvError::Lagged(n)) => println!("  slow: {n} missed"),
            Err(RecvError::Closed) => return,
        }
    }
}

/// What an account can be asked.
pub enum Request {
    /// Put this amount into the account.
    Deposit(u32),
    /// Say how much there is.
    Balance(oneshot::Sender<u32>),
}

/// An actor: one task that owns the balance, and answers requests in turn.
pub async fn account(mut requests: mpsc::Receiver<Request>) -> u32 {
    let mut balance = 0;
    while let Some(request) = requests.recv().await {
        match request {
            Request::Deposit(amount) => balance += amount,
            // A client that is gone needs no answer.
            Request::Balance(answer) => drop(answer.send(balance)),
        }
    }
    balance
}

/// Lets ten clients put into one account, and asks for the balance.
pub async fn clients() {
    let (requests, inbox) = mpsc::channel(8);
    let account = tokio::spawn(account(inbox));
    let mut clients = JoinSet::new();
    for _ in 0..10 {
        let requests = requests.clone();
        clients.spawn(async move {
            for _ in 0..100 {
                let deposit = requests.send(Request::Deposit(1));
                deposit.await.expect("the account is there");
                task::yield_now().await;
            }
        });
    }
    clients.join_all().await;

    let (ask, answer) = oneshot::channel();
    let balance = requests.send(Request::Balance(ask));
    balance.await.expect("the account is there");
    println!("  balance: {:?}", answer.await);

    drop(requests);
    let last = account.await.expect("the task does not panic");
    println!("  at the end: {last}");
}

/// Shows the four channels, and the actor.
pub async fn demo() {
    println!("mpsc");
    queue().await;
    println!("oneshot");
    answer().await;
    println!("watch");
    newest().await;
    println!("broadcast");
    to_all().await;
    println!("an actor");
    clients().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_receiver_that_lags_is_told_how_much_it_missed() {
        let (sender, mut slow) = broadcast::channel(2);
        for n in 1..=5 {
            sender.send(n).unwrap();
        }
        assert_eq!(slow.recv().await, Err(RecvError::Lagged(3)));
        assert_eq!(slow.recv().await, Ok(4));
    }

    #[tokio::test]
    async fn a_full_queue_makes_its_sender_wait() {
        let (sender, _receiver) = mpsc::channel(2);
        sender.try_send(1).unwrap();
        sender.try_send(2).unwrap();
        assert!(sender.try_send(3).is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_actor_loses_no_deposit() {
        let (requests, inbox) = mpsc::channel(1);
        let account = tokio::spawn(account(inbox));
        let mut clients = JoinSet::new();
        for _ in 0..8 {
            let requests = requests.clone();
            clients.spawn(async move {
                for _ in 0..50 {
                    requests.send(Request::Deposit(1)).await.ok();
                }
            });
        }
        clients.join_all().await;
        drop(requests);
        assert_eq!(account.await.unwrap(), 400);
    }
}
