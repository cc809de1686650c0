//! What a rate limiter owes to the tasks that wait, on a clock that jumps.

use std::cell::RefCell;
use std::time::Duration;

use exercise_harness::{Check, expect, tell};
use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::solution::Rate;

const SECOND: Duration = Duration::from_secs(1);

/// A task that asks after `asks` seconds and waits for at most `patience`.
#[derive(Clone, Copy)]
struct Client {
    name: char,
    asks: f64,
    patience: f64,
}

const fn client(name: char, asks: f64, patience: f64) -> Client {
    Client {
        name,
        asks,
        patience,
    }
}

/// Lets the clients ask; returns the names of those that got through, and
/// after how many seconds.
async fn visit(clients: &[Client]) -> (String, Vec<f64>) {
    let rate = Rate::new(SECOND);
    let start = Instant::now();
    let through = RefCell::new((String::new(), Vec::new()));
    join_all(clients.iter().map(async |client| {
        sleep(Duration::from_secs_f64(client.asks)).await;
        let name = client.name.to_string();
        tell(name.clone(), "asks");
        let patience = Duration::from_secs_f64(client.patience);
        if timeout(patience, rate.turn()).await.is_err() {
            return tell(name, "has given up");
        }
        tell(name, "gets through");
        let mut through = through.borrow_mut();
        through.0.push(client.name);
        // Timers are good to a millisecond.
        let at = start.elapsed().as_secs_f64();
        through.1.push((at * 10.0).round() / 10.0);
    }))
    .await;
    through.into_inner()
}

async fn seen(clients: &[Client], names: &str, times: &[f64]) {
    let (order, seconds) = visit(clients).await;
    expect("the order is", names, order.as_str());
    let what = "they get through after these seconds:";
    expect(what, times, seconds.as_slice());
}

pub fn check(check: &mut Check) {
    const LONG: f64 = 60.0;
    check
        .case("the first at once, then one each second", 1)
        .virtual_time(|| {
            let clients =
                ['a', 'b', 'c', 'd'].map(|name| client(name, 0.0, LONG));
            async move { seen(&clients, "abcd", &[0.0, 1.0, 2.0, 3.0]).await }
        });
    check
        .case("nothing is saved up in a pause", 4)
        .virtual_time(async || {
            let clients = [
                client('a', 0.0, LONG),
                client('b', 5.5, LONG),
                client('c', 5.5, LONG),
                client('d', 5.5, LONG),
            ];
            seen(&clients, "abcd", &[0.0, 5.5, 6.5, 7.5]).await;
        });
    check
        .case("a task that asks later goes later", 3)
        .virtual_time(async || {
            let clients = [
                client('a', 0.0, LONG),
                client('b', 0.1, LONG),
                client('c', 0.2, LONG),
                client('d', 1.5, LONG),
                client('e', 2.0, LONG),
            ];
            seen(&clients, "abcde", &[0.0, 1.0, 2.0, 3.0, 4.0]).await;
        });
    check
        .case("a task that gives up makes room for the next", 2)
        .virtual_time(async || {
            let clients = [
                client('a', 0.0, LONG),
                client('b', 0.1, 0.5),
                client('c', 0.2, LONG),
                client('d', 0.3, 1.2),
                client('e', 0.4, LONG),
            ];
            seen(&clients, "ace", &[0.0, 1.0, 2.0]).await;
        });
}
