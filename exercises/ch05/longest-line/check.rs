//! What a reader of lines owes to its memory, on a clock that jumps.

use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::io::{AsyncWriteExt, BufReader, duplex};
use tokio::time::{sleep, timeout};

use super::solution::{Line, Lines};

const LIMIT: usize = 5;
/// An end of line may be kept with it.
const MOST: usize = LIMIT + 1;
/// More than the time between two parts.
const READ_TIMEOUT: Duration = Duration::from_secs(9);

/// Sends the parts, one each second, and then an end, or nothing; returns
/// what is read until there is an end or nothing comes.
async fn read(parts: &[&[u8]], ends: bool) -> Vec<String> {
    let (mut far, near) = duplex(64);
    let send = async move {
        for part in parts {
            sleep(Duration::from_secs(1)).await;
            tell("the sender", format!("sends \"{}\"", part.escape_ascii()));
            far.write_all(part).await.ok();
        }
        (!ends).then_some(far)
    };
    let receive = async {
        let mut lines = Lines::new(BufReader::with_capacity(8, near), LIMIT);
        let mut all = Vec::new();
        loop {
            let next = timeout(READ_TIMEOUT, lines.next()).await;
            if lines.held() > MOST {
                let held = format!("keeps {} bytes", lines.held());
                wrong(format!("keeps at most {MOST} bytes"), held);
            }
            let said = match next {
                Ok(Ok(Some(Line::Whole(line)))) => line,
                Ok(Ok(Some(Line::TooLong))) => "(too long)".to_string(),
                Ok(Ok(None)) => return all,
                Ok(Err(err)) => format!("({err})"),
                Err(_) => "(waits)".to_string(),
            };
            tell("the reader", format!("says {said:?}"));
            all.push(said);
            if all.len() > 99 || all.ends_with(&["(waits)".to_string()]) {
                return all;
            }
        }
    };
    tokio::join!(send, receive).1
}

/// What std makes of the same bytes when they are all there.
fn model(parts: &[&[u8]]) -> Vec<String> {
    let all = String::from_utf8_lossy(&parts.concat()).into_owned();
    let said = all.lines().map(|line| match line.len() > LIMIT {
        true => "(too long)".to_string(),
        false => line.to_string(),
    });
    said.collect()
}

async fn same(parts: &[&[u8]]) {
    expect("the lines are", model(parts), read(parts, true).await);
}

pub fn check(check: &mut Check) {
    check
        .case("lines come as they are, and the last needs no end", 6)
        .virtual_time(|| same(&[b"one\n\nt", b"wo\nlast"]));
    check
        .case("a line without an end is too long soon, and said once", 2)
        .virtual_time(async || {
            let said = read(&[b"123", b"456", b"789"], false).await;
            expect("the lines are", vec!["(too long)", "(waits)"], said);
        });
    check
        .case("after a long line the lines go on", 3)
        .virtual_time(|| same(&[b"1234567", b"890123\none\ntwo\n"]));
    check
        .case("what is skipped is not kept", 4)
        .virtual_time(async || {
            let said = read(&[b"123456", &[b'7'; 60]], false).await;
            expect("the lines are", vec!["(too long)", "(waits)"], said);
        });
    check
        .case("a line may be as long as the limit, and no longer", 5)
        .virtual_time(|| same(&[b"12345\n", b"123456\n", b"end\n"]));
    check
        .case("the input may end in a long line", 6)
        .virtual_time(|| same(&[b"one\n1234567890"]));
    check
        .case("so it is with thirty random inputs", 3)
        .virtual_time(async || {
            for seed in 0..30 {
                let mut random = fastrand::Rng::with_seed(seed);
                let length = random.usize(0..40);
                let bytes: Vec<u8> = (0..length)
                    .map(|_| *random.choice(b"abcde\n").unwrap_or(&b'a'))
                    .collect();
                let parts: Vec<&[u8]> =
                    bytes.chunks(random.usize(1..20)).collect();
                same(&parts).await;
            }
        });
}
