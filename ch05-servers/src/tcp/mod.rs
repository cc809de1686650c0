//! A session is a loop that knows how each of its waits may end.
//!
//! The client may send no line, half of one, too long a one, or no text; it
//! may read nothing, or go. The server may end. Each wait has an answer to it.
//!
//! cargo run -p ch05-servers -- tcp
//! cargo run -p ch05-servers -- tcp --port 2323

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncWriteExt, BufReader, BufWriter};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::timeout;
use tracing::info;

use crate::finder::shared::SharedIndex;
use crate::finder::words;
use crate::serve::write_limit::WriteLimit;
use crate::serve::{Limits, Session};
use lines::{Line, Lines};

pub mod demo;
pub mod flood;
pub mod lines;
pub mod program;
pub mod start;

const PROMPT: &[u8] = b"?> ";
/// All that a client which sends, or does not read, can make us keep.
const READ_BUFFER: usize = 512;
const WRITE_BUFFER: usize = 4096;

type Client = Lines<BufReader<BufWriter<WriteLimit<TcpStream>>>>;

/// Answers one client's queries, a line each, until one of the two ends.
///
/// After the client's last byte comes nothing but the answer to a last line
/// without an end.
///
/// # Errors
///
/// The connection's, a client that reads nothing included.
pub async fn session(
    stream: TcpStream,
    session: Session,
    index: SharedIndex,
    limits: Limits,
    max_line: usize,
) -> io::Result<()> {
    let stream = WriteLimit::new(stream, limits.write);
    let stream = BufWriter::with_capacity(WRITE_BUFFER, stream);
    let stream = BufReader::with_capacity(READ_BUFFER, stream);
    let mut client = Lines::new(stream, max_line);
    loop {
        match turn(&mut client, &session, &index, &limits).await? {
            Turn::Next => {}
            Turn::End => return client.stream.flush().await,
            Turn::Goodbye(why) => {
                let goodbye = format!("\r\ngoodbye: {why}\r\n");
                client.stream.write_all(goodbye.as_bytes()).await?;
                return client.stream.flush().await;
            }
        }
    }
}

/// What follows a line.
enum Turn {
    /// The next one.
    Next,
    /// Nothing: the client has sent its last.
    End,
    /// The end, which the server decides for this reason.
    Goodbye(&'static str),
}

/// Prompts, reads a line, and answers it.
async fn turn(
    client: &mut Client,
    session: &Session,
    index: &SharedIndex,
    limits: &Limits,
) -> io::Result<Turn> {
    client.stream.write_all(PROMPT).await?;
    // A client that sends many lines at once gets its answers at once.
    if !client.stream.buffer().contains(&b'\n') {
        client.stream.flush().await?;
    }
    // The limit is the whole line's: a byte now and then is not enough.
    let line = select! {
        biased;
        () = session.closing.cancelled() => {
            return Ok(Turn::Goodbye("the server ends"));
        }
        line = timeout(limits.idle, client.next()) => line,
    };
    let Ok(line) = line else {
        return Ok(Turn::Goodbye("nothing came for too long"));
    };
    let (line, next) = match line? {
        Line::Whole(line) => (line, Turn::Next),
        Line::Last(line) => (line, Turn::End),
        Line::TooLong => {
            let text = format!("error: more than {} bytes\r\n", client.limit);
            client.stream.write_all(text.as_bytes()).await?;
            return Ok(Turn::Next);
        }
        Line::End => return Ok(Turn::End),
    };
    let answered = answer(client, session.peer, index, line);
    timeout(limits.request, answered).await??;
    Ok(next)
}

/// Sends what a line finds, row by row: no answer is ever whole in memory.
async fn answer(
    client: &mut Client,
    peer: SocketAddr,
    index: &SharedIndex,
    line: Vec<u8>,
) -> io::Result<()> {
    let Some(query) = text(line) else {
        return client.stream.write_all(b"error: not text\r\n").await;
    };
    if words(&query).next().is_none() {
        return Ok(());
    }
    let found = index.ready().await.find(&query);
    // Quoted and escaped: a query is what a stranger wrote.
    info!(%peer, ?query, found = found.len());
    let mut row = String::new();
    for character in found.iter() {
        row.clear();
        write!(row, "{character}\r\n").expect("a String takes all");
        // Waits when the client does not read as fast as this writes.
        client.stream.write_all(row.as_bytes()).await?;
    }
    let status = format!("{:─<66}\r\n{} found\r\n", "", found.len());
    client.stream.write_all(status.as_bytes()).await
}

/// Returns the line if it is UTF-8 and steers no terminal.
fn text(line: Vec<u8>) -> Option<String> {
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\r');
    let text = String::from_utf8(line).ok()?;
    (!text.contains(control)).then_some(text)
}
