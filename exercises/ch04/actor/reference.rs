//! An actor: one task owns the balance, and answers each in turn.

use tokio::sync::{mpsc, oneshot};

/// What an account can be asked.
pub enum Request {
    /// Put this amount into the account.
    Deposit(u32),
    /// Take this amount out, if there is enough; the answer says whether.
    Withdraw(u32, oneshot::Sender<bool>),
}

/// Serves requests until all senders are gone; returns the balance.
pub async fn account(mut inbox: mpsc::Receiver<Request>) -> u32 {
    let mut balance: u32 = 0;
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Deposit(amount) => balance += amount,
            Request::Withdraw(amount, answer) => {
                let enough = amount <= balance;
                if enough {
                    balance -= amount;
                }
                // A client that is gone needs no answer.
                answer.send(enough).ok();
            }
        }
    }
    balance
}
