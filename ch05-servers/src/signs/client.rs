//! A client in two phases: the characters that have all words, then their names.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::heavy_query::client::Client;

/// How many names are asked for at once.
const AT_ONCE: usize = 2;

/// Returns the codes of the characters that have all of `words` in their
/// names, with the names.
///
/// All words are asked for at once, the names two at a time: there may be many.
///
/// # Errors
///
/// A connection's, or an answer that is not text.
pub async fn find(
    address: SocketAddr,
    words: &[&str],
) -> io::Result<Vec<(String, String)>> {
    let codes = codes(address, words).await?;
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let mut asked = JoinSet::new();
    for code in codes {
        let slots = Arc::clone(&slots);
        asked.spawn(async move {
            let slot = slots.acquire().await;
            let _slot = slot.expect("the semaphore is never closed");
            let name = get(address, format!("/name/{code}")).await?;
            io::Result::Ok((code, name))
        });
    }
    let mut names = Vec::new();
    while let Some(answer) = asked.join_next().await {
        names.push(answer.expect("a client does not panic")?);
    }
    // The answers came in any order.
    names.sort_by_key(|(code, _)| (code.len(), code.clone()));
    Ok(names)
}

/// Returns the codes of the characters that have all of `words`.
async fn codes(
    address: SocketAddr,
    words: &[&str],
) -> io::Result<BTreeSet<String>> {
    let mut asked = JoinSet::new();
    for word in words {
        asked.spawn(get(address, format!("/index/{word}")));
    }
    let mut codes: Option<BTreeSet<String>> = None;
    while let Some(answer) = asked.join_next().await {
        let lines = answer.expect("a client does not panic")?;
        let found = lines.lines().map(str::to_string).collect();
        codes = Some(match codes {
            None => found,
            Some(codes) => &codes & &found,
        });
    }
    Ok(codes.unwrap_or_default())
}

async fn get(address: SocketAddr, path: String) -> io::Result<String> {
    let mut client = Client::connect(address).await?;
    let body = client.get(&path).await?;
    String::from_utf8(body).map_err(io::Error::other)
}
