//! On the paused clock, so to the millisecond: nobody has to be in time.

use std::future::poll_fn;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{sleep, timeout};

use super::*;

const IDLE: Duration = Duration::from_secs(60);
const HEADER: Duration = Duration::from_secs(10);
const SECOND: Duration = Duration::from_secs(1);

fn limited(
    answering: &AtomicU64,
) -> (DuplexStream, HeadLimit<'_, DuplexStream>) {
    let (client, server) = duplex(16);
    (client, HeadLimit::new(server, IDLE, HEADER, answering))
}

/// Reads until it is too late; returns when that was, and what it says.
async fn too_late(server: &mut HeadLimit<'_, DuplexStream>) -> String {
    let start = Instant::now();
    loop {
        match server.read(&mut [0; 16]).await {
            Ok(0) => panic!("the client has gone"),
            Ok(_) => {}
            Err(err) => {
                assert_eq!(err.kind(), ErrorKind::TimedOut);
                return format!("{} s: {err}", start.elapsed().as_secs());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn silent_client_has_the_idle_time() {
    let answering = AtomicU64::new(0);
    let (_client, mut server) = limited(&answering);
    let late = too_late(&mut server).await;
    assert_eq!(late, "60 s: the client does not ask");
}

#[tokio::test(start_paused = true)]
async fn header_time_covers_all_bytes_of_a_slow_head() {
    let answering = AtomicU64::new(0);
    let (mut client, mut server) = limited(&answering);
    let trickle = async {
        loop {
            sleep(3 * SECOND).await;
            client.write_all(b"G").await.expect("there is room");
        }
    };
    tokio::select! {
        late = too_late(&mut server) => {
            assert_eq!(late, "13 s: the client does not send its request");
        }
        () = trickle => unreachable!("it goes on"),
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_answer_the_next_request_has_all_its_time() {
    let answering = AtomicU64::new(0);
    let (mut client, mut server) = limited(&answering);
    let mut bytes = [0; 16];
    for _ in 0..5 {
        // The timer of one round goes off in the next, and is moved.
        let asks = async {
            sleep(59 * SECOND).await;
            client.write_all(b"GET").await.expect("there is room");
        };
        let (read, ()) = tokio::join!(server.read(&mut bytes), asks);
        assert_eq!(read.expect("in time"), 3);
        server.write_all(b"200").await.expect("there is room");
        client.read_exact(&mut [0; 3]).await.expect("the answer");
    }
    let late = too_late(&mut server).await;
    assert_eq!(late, "60 s: the client does not ask");
}

#[tokio::test(start_paused = true)]
async fn while_an_answer_is_made_the_client_may_wait() {
    let answering = AtomicU64::new(1);
    let (_client, mut server) = limited(&answering);
    let mut bytes = [0; 16];
    let read = timeout(1000 * SECOND, server.read(&mut bytes)).await;
    assert!(read.is_err(), "nothing came, and nothing was late");
    answering.store(0, Relaxed);
    server.write_all(b"200").await.expect("there is room");
    let late = too_late(&mut server).await;
    assert_eq!(late, "60 s: the client does not ask");
}

#[tokio::test(start_paused = true)]
async fn header_time_wakes_a_read_that_waits_beside_an_answer() {
    let answering = AtomicU64::new(1);
    let (_client, mut server) = limited(&answering);
    let start = Instant::now();
    let (mut bytes, mut polls) = ([0; 16], 0);
    let late = poll_fn(|cx| {
        polls += 1;
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = Pin::new(&mut server).poll_read(cx, &mut buffer);
        // Woken once for nothing, after 60 s. Then there is the answer; and as
        // hyper does, this does not ask again for what it has asked for.
        if polls == 2 {
            answering.store(0, Relaxed);
            let sent = Pin::new(&mut server).poll_write(cx, b"200");
            assert!(sent.is_ready(), "there is room");
        }
        read
    });
    late.await.expect_err("it is too late");
    assert_eq!((polls, start.elapsed()), (3, 2 * IDLE));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_whole_too_late_is_answered_if_it_is_there() {
    let answering = AtomicU64::new(0);
    let (mut client, mut server) = limited(&answering);
    let mut bytes = [0; 16];
    client.write_all(b"GE").await.expect("there is room");
    assert_eq!(server.read(&mut bytes).await.expect("a part"), 2);
    client.write_all(b"T").await.expect("there is room");
    // Nobody looked: the loop was busy with somebody else.
    sleep(2 * HEADER).await;
    assert_eq!(server.read(&mut bytes).await.expect("the rest"), 1);
    answering.store(1, Relaxed);
    let read = timeout(SECOND, server.read(&mut bytes)).await;
    assert!(read.is_err(), "it is being answered");
}

#[tokio::test(start_paused = true)]
async fn while_an_answer_is_not_taken_it_is_not_the_client_s_turn() {
    let answering = AtomicU64::new(0);
    let (mut client, mut server) = limited(&answering);
    // One byte more than there is room for.
    let write = timeout(SECOND, server.write_all(&[b'.'; 17])).await;
    assert!(write.is_err(), "nobody reads");
    let mut bytes = [0; 16];
    let read = timeout(1000 * SECOND, server.read(&mut bytes)).await;
    assert!(read.is_err(), "for that there is another limit");
    client.read_exact(&mut [0; 16]).await.expect("the answer");
    server.write_all(b".").await.expect("there is room");
    let late = too_late(&mut server).await;
    assert_eq!(late, "60 s: the client does not ask");
}
