//! What an accept loop owes to clients that connect, on a clock that jumps.

use std::cell::RefCell;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::task::yield_now;
use tokio::time::Instant;

use super::solution::Refused::{self, Closed, Gone, NoRoom};
use super::solution::accept_all;

/// More than any script has: who asks so often does not rest.
const ASKED: usize = 100;

/// Answers by the script, and then that it is closed; returns the
/// milliseconds at which it was asked, and who was served.
async fn asked(script: &[Result<u32, Refused>]) -> (Vec<u128>, Vec<u32>) {
    let start = Instant::now();
    let (times, served) = (RefCell::new(vec![]), RefCell::new(vec![]));
    let accept = async || {
        let place = times.borrow().len();
        times.borrow_mut().push(start.elapsed().as_millis());
        if place > ASKED {
            wrong("ends when the listener is closed", "asks again");
        }
        let answer = script.get(place).copied().unwrap_or(Err(Closed));
        tell("the listener", format!("says {answer:?}"));
        yield_now().await;
        answer
    };
    accept_all(accept, |client| {
        tell("the loop", format!("serves {client}"));
        served.borrow_mut().push(client);
    })
    .await;
    tell("the loop", "has ended");
    (times.into_inner(), served.into_inner())
}

async fn asks_at(script: &[Result<u32, Refused>], model: &[u128]) {
    let (times, served) = asked(script).await;
    let all = script.iter().filter_map(|answer| answer.ok());
    expect("those served are", all.collect::<Vec<_>>(), served);
    expect("it asks, in ms, at", model.to_vec(), times);
}

pub fn check(check: &mut Check) {
    check
        .case("clients are served as they come, without a rest", 1)
        .virtual_time(|| asks_at(&[Ok(1), Ok(2), Ok(3)], &[0; 4]));
    check
        .case("where there is no room the loop rests, and goes on", 2)
        .virtual_time(|| {
            asks_at(&[Ok(1), Err(NoRoom), Ok(2)], &[0, 0, 100, 100])
        });
    check
        .case("it rests longer each time, and never longer than 1 s", 3)
        .virtual_time(async || {
            let script = [Err(NoRoom); 6];
            let times = [0, 100, 300, 700, 1500, 2500, 3500];
            asks_at(&script, &times).await;
        });
    check
        .case("after a client the rest is a short one again", 4)
        .virtual_time(async || {
            let script = [Err(NoRoom), Err(NoRoom), Ok(1), Err(NoRoom), Ok(2)];
            asks_at(&script, &[0, 100, 300, 300, 400, 400]).await;
        });
    check
        .case("who has left keeps nobody waiting", 5)
        .virtual_time(|| asks_at(&[Err(Gone), Err(Gone), Ok(1)], &[0; 4]));
}
