//! What a reader owes to callers that are cancelled, on a clock that jumps.

use std::time::Duration;

use exercise_harness::{Check, expect, tell};
use tokio::io::{AsyncWriteExt, duplex};
use tokio::time::{sleep, timeout};

use super::solution::Lines;

/// Sends the parts, one each second; returns the lines that are read by a
/// caller that begins again each time that `patience` is over.
async fn read(parts: &[&[u8]], patience: Duration) -> Vec<String> {
    let (mut far, near) = duplex(1024);
    let send = async move {
        for part in parts {
            sleep(Duration::from_secs(1)).await;
            tell("the sender", format!("{:?}", String::from_utf8_lossy(part)));
            far.write_all(part).await.ok();
        }
    };
    let receive = async {
        let mut reader = Lines::new(near);
        let mut lines = Vec::new();
        loop {
            match timeout(patience, reader.next()).await {
                Ok(Ok(Some(line))) => {
                    tell("the reader", format!("has {line:?}"));
                    lines.push(line);
                }
                Ok(_) => return lines,
                Err(_) => tell("the reader", "is cancelled"),
            }
        }
    };
    tokio::join!(send, receive).1
}

/// What std makes of the same bytes when they are all there.
fn model(parts: &[&[u8]]) -> Vec<String> {
    let all = String::from_utf8_lossy(&parts.concat()).into_owned();
    all.lines().map(str::to_string).collect()
}

async fn same(parts: &[&[u8]], patience: Duration) {
    expect("the lines are", model(parts), read(parts, patience).await);
}

const PATIENT: Duration = Duration::from_secs(999);
/// Less than the time between two parts.
const HASTY: Duration = Duration::from_millis(700);

pub fn check(check: &mut Check) {
    check
        .case("lines come as they are, when no read is cancelled", 3)
        .virtual_time(|| {
            same(&[b"one\ntwo\n", b"three\n\nfi", b"ve\n"], PATIENT)
        });
    check
        .case("a last line may have no end", 5)
        .virtual_time(|| same(&[b"one\nlast"], PATIENT));
    check
        .case("a read that is cancelled in mid-line goes on there", 1)
        .virtual_time(|| {
            same(&[b"o", b"n", b"e\n", b"two\nth", b"ree\n"], HASTY)
        });
    check
        .case("a letter may come in two parts", 4)
        .virtual_time(|| same(&[b"caf\xc3", b"\xa9\n"], PATIENT));
    check
        .case("so it is with thirty random inputs and cancellations", 2)
        .virtual_time(async || {
            for seed in 0..30 {
                let mut random = fastrand::Rng::with_seed(seed);
                let length = random.usize(0..30);
                let bytes: Vec<u8> = (0..length)
                    .map(|_| *random.choice(b"abc\n").unwrap_or(&b'a'))
                    .collect();
                let parts: Vec<&[u8]> =
                    bytes.chunks(random.usize(1..9)).collect();
                let patience = Duration::from_millis(random.u64(300..1900));
                same(&parts, patience).await;
            }
        });
}
