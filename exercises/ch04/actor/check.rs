//! What an actor owes to its clients, on a clock that jumps.

use exercise_harness::{Check, expect, tell, wrong};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::solution::{Request, account};

/// The way to an account, and its task.
struct Bank {
    requests: mpsc::Sender<Request>,
    task: JoinHandle<u32>,
}

impl Bank {
    fn open() -> Bank {
        let (requests, inbox) = mpsc::channel(4);
        let task = tokio::spawn(account(inbox));
        Bank { requests, task }
    }

    async fn request(&self, request: Request) {
        if self.requests.send(request).await.is_err() {
            wrong("the account goes on", "it has ended");
        }
    }

    async fn deposit(&self, amount: u32) {
        tell("a client", format!("puts {amount} in"));
        self.request(Request::Deposit(amount)).await;
    }

    async fn withdraw(&self, amount: u32, model: bool) {
        tell("a client", format!("wants {amount}"));
        let (answer, answered) = oneshot::channel();
        self.request(Request::Withdraw(amount, answer)).await;
        let what = format!("the answer to a withdrawal of {amount} is");
        expect(&what, Some(model), answered.await.ok());
    }

    async fn close(self, model: u32) {
        drop(self.requests);
        match self.task.await {
            Ok(balance) => expect("at the end there is", model, balance),
            Err(err) => wrong("no panic of the account", err.to_string()),
        }
    }
}

pub fn check(check: &mut Check) {
    check
        .case("what is put in is there at the end", 1)
        .virtual_time(async || {
            let bank = Bank::open();
            bank.deposit(2).await;
            bank.deposit(3).await;
            bank.close(5).await;
        });
    check
        .case("it gives what it has, and no more", 2)
        .virtual_time(async || {
            let bank = Bank::open();
            bank.deposit(5).await;
            bank.withdraw(6, false).await;
            bank.withdraw(3, true).await;
            bank.withdraw(2, true).await;
            bank.withdraw(1, false).await;
            bank.close(0).await;
        });
    check
        .case("a client that is gone ends nothing", 3)
        .virtual_time(async || {
            let bank = Bank::open();
            bank.deposit(5).await;
            let (answer, answered) = oneshot::channel();
            drop(answered);
            tell("a client", "wants 2, and is gone");
            bank.request(Request::Withdraw(2, answer)).await;
            bank.close(3).await;
        });
    check
        .case("so it is with two hundred random requests", 2)
        .virtual_time(async || {
            let mut random = fastrand::Rng::with_seed(7);
            let (bank, mut balance) = (Bank::open(), 0);
            for _ in 0..200 {
                let amount = random.u32(0..9);
                if random.bool() {
                    balance += amount;
                    bank.deposit(amount).await;
                } else {
                    let enough = amount <= balance;
                    bank.withdraw(amount, enough).await;
                    balance -= if enough { amount } else { 0 };
                }
            }
            bank.close(balance).await;
        });
}
