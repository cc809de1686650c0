//! A writer meets readers of all sorts, on the virtual clock.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::io::{AsyncReadExt, AsyncWrite, BufWriter, DuplexStream, duplex};
use tokio::time::{Instant, sleep};

use super::solution::send;

const LIMIT: Duration = Duration::from_secs(3);
const BYTES: &[u8] = b"a long answer to a short question";

/// Takes 4 bytes every 2 s, `times` times. Returns them, and its end of the
/// pipe.
async fn read(mut pipe: DuplexStream, times: usize) -> (String, DuplexStream) {
    let mut all = Vec::new();
    for _ in 0..times {
        sleep(Duration::from_secs(2)).await;
        let mut part = [0; 4];
        let n = pipe.read(&mut part).await.unwrap_or_default();
        if n == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&part[..n]);
        tell("the reader", format!("takes {text:?}"));
        all.extend(&part[..n]);
    }
    (String::from_utf8_lossy(&all).into_owned(), pipe)
}

/// Sends, closes, and says how that ended and when.
async fn sent(
    mut to: impl AsyncWrite + Unpin,
) -> (Result<(), ErrorKind>, Duration) {
    let start = Instant::now();
    let result = send(&mut to, BYTES, LIMIT).await;
    let result = result.map_err(|err| err.kind());
    tell("the sender", format!("says {result:?}"));
    (result, start.elapsed())
}

/// A disk that is full and does not say so.
struct Full(usize);

impl AsyncWrite for Full {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0 += 1;
        if self.0 == 1000 {
            wrong("says WriteZero", "tries again, 1000 times in no time");
        }
        Poll::Ready(Ok(0))
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

pub fn check(check: &mut Check) {
    let all = || String::from_utf8_lossy(BYTES).into_owned();

    check
        .case("a slow reader has all of it", 2)
        .virtual_time(async || {
            let (to, from) = duplex(4);
            let (said, (text, _)) = tokio::join!(sent(to), read(from, 99));
            expect("the reader has", all(), text);
            expect("it says", Ok(()), said.0);
        });

    check
        .case("a reader that falls asleep is cut off after the limit", 2)
        .virtual_time(async || {
            let (to, from) = duplex(4);
            let (said, _) = tokio::join!(sent(to), read(from, 2));
            let model = (Err(ErrorKind::TimedOut), Duration::from_secs(4));
            expect("it says", (model.0, model.1 + LIMIT), said);
        });

    check
        .case(
            "a reader that has left is not late: the error is passed on",
            3,
        )
        .virtual_time(async || {
            let (to, from) = duplex(4);
            let leaves = async { drop(read(from, 2).await) };
            let (said, ()) = tokio::join!(sent(to), leaves);
            expect("it says", Err(ErrorKind::BrokenPipe), said.0);
        });

    check
        .case("what was sent has left the buffer", 4)
        .virtual_time(async || {
            let (to, from) = duplex(64);
            let to = BufWriter::new(to);
            let (said, (text, _)) = tokio::join!(sent(to), read(from, 99));
            expect("the reader has", all(), text);
            expect("it says", Ok(()), said.0);
        });

    check
        .case("a flush has a limit, too", 4)
        .virtual_time(async || {
            let (to, from) = duplex(4);
            let to = BufWriter::new(to);
            let (said, _) = tokio::join!(sent(to), read(from, 0));
            expect("it says", Err(ErrorKind::TimedOut), said.0);
        });

    check
        .case("a writer that takes nothing is not asked for ever", 5)
        .virtual_time(async || {
            let said = sent(Full(0)).await;
            expect("it says", Err(ErrorKind::WriteZero), said.0);
        });
}
