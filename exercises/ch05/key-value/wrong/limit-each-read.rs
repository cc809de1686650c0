//! Puts the limit around each read: a byte in time buys more time.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, split,
};
use tokio::time::timeout;

/// The longest line that a client may send, its end included.
pub const LONGEST: u64 = 64;

/// What all clients share.
#[derive(Default)]
pub struct Store {
    values: Mutex<HashMap<String, String>>,
}

impl Store {
    /// Does what a line asks for, and returns the answer.
    ///
    /// Without an `await`: the lock is free before the answer is sent.
    fn answer(&self, line: &str) -> String {
        let lock = self.values.lock();
        let mut values = lock.unwrap_or_else(PoisonError::into_inner);
        let mut words = line.splitn(3, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("SET"), Some(key), Some(value)) => {
                values.insert(key.to_string(), value.to_string());
                "OK".to_string()
            }
            (Some("GET"), Some(key), None) => match values.get(key) {
                Some(value) => format!("VALUE {value}"),
                None => "NONE".to_string(),
            },
            (Some("DEL"), Some(key), None) => match values.remove(key) {
                Some(_) => "OK".to_string(),
                None => "NONE".to_string(),
            },
            _ => "ERROR".to_string(),
        }
    }
}

/// Serves one client until it ends.
///
/// # Errors
///
/// The connection's; `TimedOut` if a line takes longer than `limit`, and
/// `InvalidData` if it is too long.
pub async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    store: &Store,
    limit: Duration,
) -> io::Result<()> {
    let (reader, mut writer) = split(stream);
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut reader).take(LONGEST);
        while !line.ends_with(b"\n") {
            let byte = timeout(limit, limited.read_u8()).await?;
            match byte {
                Ok(byte) => line.push(byte),
                Err(_) if line.is_empty() => return Ok(()),
                Err(_) => break,
            }
        }
        if !line.ends_with(b"\n") && line.len() as u64 == LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let text = String::from_utf8_lossy(&line);
        let answer = store.answer(text.trim_end()) + "\n";
        writer.write_all(answer.as_bytes()).await?;
    }
}
