//! What replies owe to the order of requests, on a clock that jumps.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::solution::in_order;

/// Replies that are there, each with the second at which it came.
type Replies = Vec<(u64, u64)>;

/// Sends requests, each after a number of seconds: one that says 3 takes 3
/// seconds. Takes `taken` replies and then leaves.
async fn asked(
    window: usize,
    requests: &[(u64, u64)],
    taken: usize,
) -> (Replies, u64) {
    let start = Instant::now();
    let (ask, asked) = mpsc::channel(99);
    let (reply, mut replies) = mpsc::channel(99);
    let busy = Arc::<AtomicUsize>::default();
    let answer = move |seconds: u64| {
        let busy = Arc::clone(&busy);
        async move {
            let now = 1 + busy.fetch_add(1, SeqCst);
            tell("an answer", format!("to {seconds} begins: {now} at once"));
            if now > window {
                let most = format!("at most {window} answers at once");
                wrong(most, format!("{now} answers at once"));
            }
            sleep(Duration::from_secs(seconds)).await;
            busy.fetch_sub(1, SeqCst);
            seconds
        }
    };
    let client = async move {
        for (wait, request) in requests {
            sleep(Duration::from_secs(*wait)).await;
            ask.send(*request).await.ok();
        }
    };
    let takes = async move {
        let mut all = Vec::new();
        while all.len() < taken {
            let Some(reply) = replies.recv().await else {
                break;
            };
            let now = start.elapsed().as_secs();
            tell("the client", format!("has the reply to {reply}"));
            all.push((reply, now));
        }
        all
    };
    let serve = async {
        in_order(asked, window, answer, reply).await;
        start.elapsed().as_secs()
    };
    let ((), replies, ended) = tokio::join!(client, takes, serve);
    (replies, ended)
}

/// When the replies come: each begins when there is room, and is sent when it
/// and those before it are ready.
fn model(window: usize, requests: &[(u64, u64)]) -> Replies {
    let mut replies: Replies = Vec::new();
    let (mut came, mut last) = (0, 0);
    for (place, (wait, request)) in requests.iter().enumerate() {
        came += wait;
        let room = place.checked_sub(window).map_or(0, |i| replies[i].1);
        last = last.max(came.max(room) + request);
        replies.push((*request, last));
    }
    replies
}

async fn is(window: usize, requests: &[(u64, u64)]) {
    let said = asked(window, requests, usize::MAX).await;
    let orders = |all: &Replies| all.iter().map(|r| r.0).collect::<Vec<_>>();
    let model = model(window, requests);
    expect("the replies are", orders(&model), orders(&said.0));
    expect("(reply, second) are", model, said.0);
}

pub fn check(check: &mut Check) {
    check
        .case("replies come in the order of the requests", 1)
        .virtual_time(|| is(9, &[(0, 3), (0, 1), (0, 2)]));
    check
        .case("each is sent as soon as those before it are", 2)
        .virtual_time(|| is(9, &[(0, 1), (0, 5), (1, 1), (9, 2)]));
    check
        .case("there is never more under way than the window", 4)
        .virtual_time(|| is(2, &[(0, 2), (0, 1), (0, 1), (0, 3)]));
    check
        .case("what waits for its turn is in the window, too", 4)
        .virtual_time(|| is(2, &[(0, 9), (0, 1), (0, 1), (0, 1)]));
    check
        .case("one at once is a queue", 3)
        .virtual_time(|| is(1, &[(0, 2), (0, 1)]));
    check
        .case("so it is with twenty random conversations", 3)
        .virtual_time(async || {
            for seed in 0..20 {
                let mut random = fastrand::Rng::with_seed(seed);
                let requests: Vec<_> = (0..random.usize(0..9))
                    .map(|_| (random.u64(0..3), random.u64(1..7)))
                    .collect();
                is(random.usize(1..4), &requests).await;
            }
        });
    check
        .case("when the client has left nothing more is begun", 6)
        .virtual_time(async || {
            let requests: Vec<_> = [(0, 1); 50].into();
            let (_, ended) = asked(1, &requests, 2).await;
            if ended > 3 {
                let late = format!("returns at second {ended}");
                wrong("returns at second 3 at the latest", late);
            }
        });
}
