//! A session meets slow clients, on the virtual clock.

use std::io::ErrorKind;
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::time::{Instant, sleep};

use super::solution::End::{self, Closed, Idle};
use super::solution::session;

const IDLE: Duration = Duration::from_secs(5);

/// How it ended, after how many seconds, and what the client got.
type Ended = (Result<End, ErrorKind>, u64, String);

/// Sends each part after its number of seconds and then leaves, or stays
/// silent; an answer takes `takes` seconds.
async fn ended(parts: &[(u64, &str)], leaves: bool, takes: u64) -> Ended {
    let start = Instant::now();
    let (mut client, input) = duplex(1024);
    let (output, mut answer_text) = duplex(1024);
    let talk = async move {
        for (wait, part) in parts {
            sleep(Duration::from_secs(*wait)).await;
            tell("the client", format!("sends {part:?}"));
            client.write_all(part.as_bytes()).await.ok();
        }
        // A client that stays keeps the pipe.
        (!leaves).then_some(client)
    };
    let answer = async move |line: String| {
        sleep(Duration::from_secs(takes)).await;
        tell("the session", format!("answers {line:?}"));
        // No client of this check sends an empty line.
        if line.is_empty() {
            wrong("answers what was sent", "answers what was not sent");
        }
        line.to_uppercase()
    };
    let serve = async move {
        let end = session(input, output, IDLE, answer).await;
        let end = end.map_err(|err| err.kind());
        tell("the session", format!("says {end:?}"));
        (end, start.elapsed().as_secs())
    };
    let ((end, after), client) = tokio::join!(serve, talk);
    drop(client);
    let mut text = String::new();
    answer_text.read_to_string(&mut text).await.ok();
    (end, after, text)
}

/// Expects this end, these seconds and this answer.
fn is(end: End, after: u64, answer_text: &str, ended: Ended) {
    expect("the client gets", answer_text, ended.2.as_str());
    expect("it ends", (Ok(end), after), (ended.0, ended.1));
}

pub fn check(check: &mut Check) {
    check
        .case("lines are answered until the client leaves", 6)
        .virtual_time(async || {
            let parts = [(1, "one\n"), (1, "two\n")];
            is(Closed, 2, "ONE\nTWO\n", ended(&parts, true, 0).await);
        });
    check
        .case("a silent client is cut off", 1)
        .virtual_time(async || {
            is(Idle, 5, "", ended(&[], false, 0).await);
        });
    check
        .case("the time begins anew with each line", 2)
        .virtual_time(async || {
            let parts = [(4, "a\n"), (4, "b\n"), (4, "c\n")];
            is(Idle, 17, "A\nB\nC\n", ended(&parts, false, 0).await);
        });
    check
        .case("bytes that trickle in are no line", 3)
        .virtual_time(async || {
            let parts = [(1, "a\n"), (3, "b"), (3, "c"), (3, "d"), (3, "\n")];
            is(Idle, 6, "A\n", ended(&parts, false, 0).await);
        });
    check
        .case("the time of an answer is not the client's", 4)
        .virtual_time(async || {
            let parts = [(1, "a\n"), (12, "b\n")];
            is(Idle, 28, "A\nB\n", ended(&parts, false, 10).await);
        });
    check
        .case("two lines in one part are two", 5)
        .virtual_time(async || {
            let parts = [(1, "a\nb\nc"), (2, "c\n")];
            is(Closed, 3, "A\nB\nCC\n", ended(&parts, true, 0).await);
        });
}
