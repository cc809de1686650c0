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

async fn next_line() -> io::Result<String> {
    let (mut sender, receiver) = duplex(64);
    let mut lines = BufReader::new(receiver).lines();
    sender.write_all(b"hel").await?;
    begin(lines.next_line()).await;
    sender.write_all(b"lo\n").await?;
    Ok(lines.next_line().await?.unwrap_or_default())
}

async fn read_line() -> io::Result<String> {
    let (mut sender, receiver) = duplex(64);
    let mut receiver = BufReader::new(receiver);
    let mut line = String::new();
    sender.write_all(b"hel").await?;
    begin(receiver.read_line(&mut line)).await;
    sender.write_all(b"lo\n").await?;
    receiver.read_line(&mut line).await?;
    Ok(line.trim_end().into())
}

async fn read() -> io::Result<String> {
    let (mut sender, mut receiver) = duplex(64);
    let mut buffer = [0; 64];
    // Half of it would be enough for this one: it is begun before that.
    begin(receiver.read(&mut buffer)).await;
    sender.write_all(b"hello").await?;
    let n = receiver.read(&mut buffer).await?;
    Ok(text(&buffer[..n]))
}

async fn recv() -> io::Result<String> {
    let (sender, mut receiver) = mpsc::channel(1);
    begin(receiver.recv()).await;
    sender.send("hello").await.ok();
    begin(std::future::ready(())).await;
    Ok(receiver.recv().await.unwrap_or_default().into())
}

async fn accept() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    begin(listener.accept()).await;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    let (_, from) = listener.accept().await?;
    let same = from == client.local_addr()?;
    Ok(if same { "hello" } else { "" }.into())
}

async fn read_exact() -> io::Result<String> {
    let (mut sender, mut receiver) = duplex(64);
    let mut buffer = [0; 5];
    sender.write_all(b"hel").await?;
    begin(receiver.read_exact(&mut buffer)).await;
    sender.write_all(b"lo, you").await?;
    receiver.read_exact(&mut buffer).await?;
    Ok(text(&buffer))
}

async fn read_to_end() -> io::Result<String> {
    let (mut sender, mut receiver) = duplex(64);
    sender.write_all(b"hel").await?;
    begin(receiver.read_to_end(&mut Vec::new())).await;
    sender.write_all(b"lo").await?;
    drop(sender);
    let mut rest = Vec::new();
    receiver.read_to_end(&mut rest).await?;
    Ok(text(&rest))
}

async fn write_all() -> io::Result<String> {
    // There is room for three bytes until the receiver reads.
    let (mut sender, mut receiver) = duplex(3);
    begin(sender.write_all(b"hello")).await;
    let mut arrived = String::new();
    let again = async {
        sender.write_all(b"hello").await?;
        sender.shutdown().await
    };
    tokio::try_join!(again, receiver.read_to_string(&mut arrived))?;
    Ok(arrived)
}

/// Returns what the second call of each method got, beside its name.
///
/// # Errors
///
/// If there is no loopback interface.
pub async fn second_calls() -> io::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("next_line", next_line().await?),
        ("read", read().await?),
        ("recv", recv().await?),
        ("accept", accept().await?),
        ("read_line", read_line().await?),
        ("read_exact", read_exact().await?),
        ("read_to_end", read_to_end().await?),
        ("write_all", write_all().await?),
    ])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
