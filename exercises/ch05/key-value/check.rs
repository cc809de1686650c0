//! What a key-value store owes its clients, on a clock that jumps.

use std::io::ErrorKind;
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::join;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use super::solution::{LONGEST, Store, serve};

const LIMIT: Duration = Duration::from_secs(10);

/// Sends the parts one by one, says that it is done, and reads to the end.
/// Returns the answers and how the server ended.
async fn talk(
    store: &Store,
    parts: &[&[u8]],
) -> (String, Result<(), ErrorKind>) {
    let (client, server) = duplex(1024);
    let (mut answers, mut sending) = tokio::io::split(client);
    let client = async move {
        for part in parts {
            tell("a client", format!("sends {}", part.escape_ascii()));
            // A server that has ended takes nothing more.
            sending.write_all(part).await.ok();
            for _ in 0..5 {
                yield_now().await;
            }
        }
        sending.shutdown().await.ok();
        let mut all = Vec::new();
        answers.read_to_end(&mut all).await.ok();
        String::from_utf8_lossy(&all).replace('\n', ", ")
    };
    let (answers, ended) = join!(client, serve(server, store, LIMIT));
    let ended = ended.map_err(|err| err.kind());
    tell("the server", format!("has ended with {ended:?}"));
    (answers, ended)
}

async fn answers(store: &Store, parts: &[&[u8]], model: &str) {
    let (said, ended) = talk(store, parts).await;
    expect("the answers are", model.to_string(), said);
    expect("the server ends with", Ok(()), ended);
}

/// Sends a byte every 3 s, and never the end of the line.
async fn trickle(mut client: DuplexStream, start: Instant) {
    for _ in 0..LONGEST / 2 {
        if client.write_all(b"x").await.is_err() {
            return;
        }
        sleep(Duration::from_secs(3)).await;
        if start.elapsed() > LIMIT * 3 {
            wrong("cuts off a line after 10 s", "still reads it after 30 s");
        }
    }
}

pub fn check(check: &mut Check) {
    check
        .case("what was set can be read, and removed", 1)
        .virtual_time(async || {
            let lines = b"GET a\nSET a 1\nGET a\nDEL a\nGET a\nDEL a\n";
            let model = "NONE, OK, VALUE 1, OK, NONE, NONE, ";
            answers(&Store::default(), &[lines], model).await;
        });
    check
        .case("a value may have spaces, and a line no sense", 1)
        .virtual_time(async || {
            let lines = b"SET a b c\r\nGET a\r\nget a\n\nGET\nGET a b\n";
            let model = "OK, VALUE b c, ERROR, ERROR, ERROR, ERROR, ";
            answers(&Store::default(), &[lines], model).await;
        });
    check
        .case("a line may come in parts", 2)
        .virtual_time(async || {
            let parts: [&[u8]; 4] = [b"SE", b"T a 1\nG", b"ET", b" a\n"];
            answers(&Store::default(), &parts, "OK, VALUE 1, ").await;
        });
    check
        .case("all clients share one store", 3)
        .virtual_time(async || {
            let store = Store::default();
            answers(&store, &[b"SET a 1\n"], "OK, ").await;
            answers(&store, &[b"GET a\n"], "VALUE 1, ").await;
        });
    check
        .case("a client that reads nothing keeps no other waiting", 4)
        .virtual_time(async || {
            let store = Store::default();
            // Room for the questions, and for none of the answers.
            let (mut deaf, server) = duplex(4);
            let stuck = async {
                let serving = serve(server, &store, LIMIT);
                let asking = async {
                    deaf.write_all(b"GET a\nGET a\n").await.ok();
                    sleep(LIMIT / 2).await;
                };
                tokio::select! {
                    () = asking => {}
                    _ = serving => {}
                }
            };
            let start = Instant::now();
            let other = async {
                sleep(Duration::from_secs(1)).await;
                answers(&store, &[b"SET a 1\n"], "OK, ").await;
                start.elapsed()
            };
            let ((), waited) = join!(stuck, other);
            expect("the other client is done at, in s", 1, waited.as_secs());
        });
    check
        .case("a byte that is not UTF-8 ends nothing", 5)
        .virtual_time(async || {
            let lines = b"\xff\nSET a 1\n";
            answers(&Store::default(), &[lines], "ERROR, OK, ").await;
        });
    check
        .case("a line of 64 bytes is served, and one of 65 is not", 6)
        .virtual_time(async || {
            let store = Store::default();
            let value = "x".repeat(LONGEST as usize - "SET a \n".len());
            let line = format!("SET a {value}\n");
            answers(&store, &[line.as_bytes()], "OK, ").await;
            let line = format!("SET b {value}y\n");
            let (said, ended) = talk(&store, &[line.as_bytes()]).await;
            let model = (String::new(), Err(ErrorKind::InvalidData));
            expect("a longer line gets", model, (said, ended));
        });
    check
        .case("a line has 10 s, however it trickles", 7)
        .virtual_time(async || {
            let (client, server) = duplex(1024);
            let (store, start) = (Store::default(), Instant::now());
            let serving = async {
                let ended = serve(server, &store, LIMIT).await;
                (ended.map_err(|err| err.kind()), start.elapsed().as_secs())
            };
            let (ended, ()) = join!(serving, trickle(client, start));
            let model = (Err(ErrorKind::TimedOut), 10);
            expect("it ends with, in s", model, ended);
        });
}
