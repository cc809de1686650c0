//! What a limiter owes to those who wait, on a clock that jumps.

use std::cell::RefCell;
use std::time::Duration;

use exercise_harness::{Check, expect, tell};
use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::solution::Rate;

const SECOND: Duration = Duration::from_secs(1);

/// A client that asks after `asks` seconds and waits for at most `waits`.
#[derive(Clone, Copy)]
struct Guest {
    name: char,
    asks: f64,
    waits: f64,
}

const fn guest(name: char, asks: f64, waits: f64) -> Guest {
    Guest { name, asks, waits }
}

/// Lets the guests ask; returns who got through, and after how many seconds.
async fn visit(guests: &[Guest]) -> (String, Vec<f64>) {
    let rate = Rate::new(SECOND);
    let start = Instant::now();
    let through = RefCell::new((String::new(), Vec::new()));
    join_all(guests.iter().map(async |guest| {
        sleep(Duration::from_secs_f64(guest.asks)).await;
        let name = guest.name.to_string();
        tell(name.clone(), "asks");
        let limit = Duration::from_secs_f64(guest.waits);
        if timeout(limit, rate.turn()).await.is_err() {
            return tell(name, "has given up");
        }
        tell(name, "gets through");
        let mut through = through.borrow_mut();
        through.0.push(guest.name);
        // Timers are good to a millisecond.
        let at = start.elapsed().as_secs_f64();
        through.1.push((at * 10.0).round() / 10.0);
    }))
    .await;
    through.into_inner()
}

async fn seen(guests: &[Guest], names: &str, times: &[f64]) {
    let (order, seconds) = visit(guests).await;
    expect("the order is", names, order.as_str());
    let what = "they get through after these seconds:";
    expect(what, times, seconds.as_slice());
}

pub fn check(check: &mut Check) {
    const LONG: f64 = 60.0;
    check
        .case("the first at once, then one each second", 1)
        .virtual_time(|| {
            let guests =
                ['a', 'b', 'c', 'd'].map(|name| guest(name, 0.0, LONG));
            async move { seen(&guests, "abcd", &[0.0, 1.0, 2.0, 3.0]).await }
        });
    check
        .case("nothing is saved up in a pause", 4)
        .virtual_time(async || {
            let guests = [
                guest('a', 0.0, LONG),
                guest('b', 5.5, LONG),
                guest('c', 5.5, LONG),
                guest('d', 5.5, LONG),
            ];
            seen(&guests, "abcd", &[0.0, 5.5, 6.5, 7.5]).await;
        });
    check
        .case("who comes later goes later", 3)
        .virtual_time(async || {
            let guests = [
                guest('a', 0.0, LONG),
                guest('b', 0.1, LONG),
                guest('c', 0.2, LONG),
                guest('d', 1.5, LONG),
                guest('e', 2.0, LONG),
            ];
            seen(&guests, "abcde", &[0.0, 1.0, 2.0, 3.0, 4.0]).await;
        });
    check
        .case("who gives up makes room for the next", 2)
        .virtual_time(async || {
            let guests = [
                guest('a', 0.0, LONG),
                guest('b', 0.1, 0.5),
                guest('c', 0.2, LONG),
                guest('d', 0.3, 1.2),
                guest('e', 0.4, LONG),
            ];
            seen(&guests, "ace", &[0.0, 1.0, 2.0]).await;
        });
}
