//! Two tasks for one client answer in each other's words.
//!
//! An echo with a delay before each letter. A task for each message is quick
//! to write and wrong; a queue for each connection keeps the order.
//!
//! cargo run -p ch05-servers -- ordered

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream,
    WriteHalf, duplex, split,
};
use tokio::runtime;
use tokio::sync::{Mutex, mpsc};
use tracing::trace;

/// Before each letter, as over a slow radio.
const PAUSE: Duration = Duration::from_millis(50);

type Out = Arc<Mutex<WriteHalf<DuplexStream>>>;

/// Sends a message letter by letter.
///
/// # Errors
///
/// The connection's.
pub async fn send(out: &Out, message: &str) -> io::Result<()> {
    for letter in message.bytes() {
        tokio::time::sleep(PAUSE).await;
        // A lock for each letter: no task writes half a letter.
        out.lock().await.write_u8(letter).await?;
        trace!(lane = message, "{}", char::from(letter));
    }
    trace!(lane = message, state = "ends");
    Ok(())
}

/// Echoes each line in a task of its own.
///
/// # Errors
///
/// The connection's.
pub async fn serve_broken(client: DuplexStream) -> io::Result<()> {
    let (input, out) = split(client);
    let (mut lines, out) =
        (BufReader::new(input).lines(), Arc::new(Mutex::new(out)));
    while let Some(line) = lines.next_line().await? {
        let out = Arc::clone(&out);
        tokio::spawn(async move { send(&out, &line).await });
    }
    Ok(())
}

/// Echoes all lines in one task, which takes them from a queue.
///
/// # Errors
///
/// The connection's.
pub async fn serve(client: DuplexStream) -> io::Result<()> {
    let (input, out) = split(client);
    let (mut lines, out) =
        (BufReader::new(input).lines(), Arc::new(Mutex::new(out)));
    // Sixteen lines ahead and no more: then nothing is read, either.
    let (tx, mut rx) = mpsc::channel::<String>(16);
    let writer = tokio::spawn(async move {
        while let Some(line) = rx.recv().await {
            send(&out, &line).await?;
        }
        io::Result::Ok(())
    });
    while let Some(line) = lines.next_line().await? {
        // An error says that the writer has ended, and below it says why.
        if tx.send(line).await.is_err() {
            break;
        }
    }
    drop(tx);
    writer.await.expect("the writer does not panic")
}

/// Sends two messages at once to both, on a paused clock.
pub fn demo() {
    for (name, ordered) in [("a task each", false), ("a queue", true)] {
        let answer = exchange(ordered).expect("the clock needs no system");
        println!("{name}: {answer}");
    }
}

/// Sends two messages to one of the servers; returns what comes back.
///
/// # Errors
///
/// The connection's.
pub fn exchange(ordered: bool) -> io::Result<String> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    runtime.block_on(async {
        let (mut ours, theirs) = duplex(1024);
        let server = async {
            match ordered {
                false => serve_broken(theirs).await,
                true => serve(theirs).await,
            }
        };
        let client = async {
            for message in ["MAYDAY", "over"] {
                trace!(lane = message, state = "waits");
                ours.write_all(format!("{message}\n").as_bytes()).await?;
            }
            ours.shutdown().await?;
            let mut answer = String::new();
            ours.read_to_string(&mut answer).await?;
            io::Result::Ok(answer)
        };
        let (served, answer) = tokio::join!(server, client);
        served?;
        answer
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_keeps_the_order_and_tasks_do_not() {
        assert_eq!(exchange(true).unwrap(), "MAYDAYover");
        let mixed = exchange(false).unwrap();
        assert_eq!(mixed.len(), 10);
        assert_ne!(mixed, "MAYDAYover");
    }
}
