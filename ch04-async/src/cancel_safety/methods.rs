//! Which methods can be dropped half-way and called again.
//!
//! Each is begun while there is half of what it wants, dropped, and called a
//! second time. "hello" is sent in two pieces, "hel" and "lo".

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;

use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, duplex,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Polls a future once, and drops it.
async fn begin(future: impl Future) {
    let mut future = pin!(future);
    poll_fn(|cx| {
        // Whether it is ready is no matter: it is not asked again.
        future.as_mut().poll(cx).map(drop).is_ready();
        Poll::Ready(())
    })
    .await;
}

/// Returns what the second call of each method got, beside its name.
///
/// # Errors
///
/// If there is no loopback interface.
pub async fn second_calls() -> io::Result<Vec<(&'static str, String)>> {
    let mut found = Vec::new();

    let (mut sender, receiver) = duplex(64);
    let mut lines = BufReader::new(receiver).lines();
    sender.write_all(b"hel").await?;
    begin(lines.next_line()).await;
    sender.write_all(b"lo\n").await?;
    found.push(("next_line", lines.next_line().await?.unwrap_or_default()));

    let (mut sender, mut receiver) = duplex(64);
    let mut buffer = [0; 64];
    // Half of it would be enough for this one: it is begun before that.
    begin(receiver.read(&mut buffer)).await;
    sender.write_all(b"hello").await?;
    let n = receiver.read(&mut buffer).await?;
    found.push(("read", text(&buffer[..n])));

    let (sender, mut receiver) = mpsc::channel(1);
    begin(receiver.recv()).await;
    sender.send("hello").await.ok();
    begin(std::future::ready(())).await;
    found.push(("recv", receiver.recv().await.unwrap_or_default().into()));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    begin(listener.accept()).await;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    let (_, from) = listener.accept().await?;
    let same = from == client.local_addr()?;
    found.push(("accept", if same { "hello" } else { "" }.into()));

    let (mut sender, receiver) = duplex(64);
    let mut receiver = BufReader::new(receiver);
    let mut line = String::new();
    sender.write_all(b"hel").await?;
    begin(receiver.read_line(&mut line)).await;
    sender.write_all(b"lo\n").await?;
    receiver.read_line(&mut line).await?;
    found.push(("read_line", line.trim_end().into()));

    let (mut sender, mut receiver) = duplex(64);
    let mut buffer = [0; 5];
    sender.write_all(b"hel").await?;
    begin(receiver.read_exact(&mut buffer)).await;
    sender.write_all(b"lo, you").await?;
    receiver.read_exact(&mut buffer).await?;
    found.push(("read_exact", text(&buffer)));

    let (mut sender, mut receiver) = duplex(64);
    sender.write_all(b"hel").await?;
    begin(receiver.read_to_end(&mut Vec::new())).await;
    sender.write_all(b"lo").await?;
    drop(sender);
    let mut rest = Vec::new();
    receiver.read_to_end(&mut rest).await?;
    found.push(("read_to_end", text(&rest)));

    // There is room for three bytes until somebody reads.
    let (mut sender, mut receiver) = duplex(3);
    begin(sender.write_all(b"hello")).await;
    let mut arrived = String::new();
    let again = async {
        sender.write_all(b"hello").await?;
        sender.shutdown().await
    };
    tokio::try_join!(again, receiver.read_to_string(&mut arrived))?;
    found.push(("write_all", arrived));
    Ok(found)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
