//! A hundred downloads through the proxy, each twice.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Chaos;
use crate::flags::program::run;
use crate::flags::{Flags, Manners};
use crate::raw_client::{listen, runtime, send_raw, status};
use crate::serve::{Limits, serve};

/// Counts what the client saw, and what the proxy had in mind.
///
/// # Errors
///
/// A port cannot be had, or nobody answers.
pub fn demo() -> io::Result<()> {
    runtime()?.block_on(async {
        let limits = Limits::default();
        let stop = CancellationToken::new();
        let _stops = stop.clone().drop_guard();
        let polite = Flags::new(Manners {
            delay: Duration::ZERO..=Duration::ZERO,
            error_rate: 0.0,
            seed: 7,
        });
        let (listener, upstream) = listen().await?;
        let token = stop.clone();
        tokio::spawn(run(Arc::new(polite), listener, limits, token));
        let chaos = Chaos {
            upstream,
            shares: [0.4, 0.2, 0.1],
            delay: Duration::from_millis(100),
            seed: 7,
        };
        let (listener, proxy) = listen().await?;
        tokio::spawn(async move {
            serve(listener, &limits, stop, |client, _| async move {
                chaos.pass(client, limits).await
            })
            .await
        });

        let first = downloads(proxy).await?;
        let mut seen = BTreeMap::new();
        for (path, outcome) in &first {
            let fate = chaos.fate(path);
            *seen.entry((fate, outcome)).or_insert(0) += 1;
        }
        for ((fate, outcome), n) in seen {
            println!("{fate:?}: {n} times {outcome}");
        }
        let again = downloads(proxy).await?;
        println!("the same the second time: {}", first == again);
        Ok(())
    })
}

/// Asks for a hundred paths at once; returns what came of each.
async fn downloads(proxy: SocketAddr) -> io::Result<BTreeMap<String, String>> {
    let mut asked = JoinSet::new();
    for a in 'a'..='j' {
        for b in 'a'..='j' {
            asked.spawn(async move {
                let path = format!("/{a}{b}/metadata.json");
                let request =
                    format!("GET {path} HTTP/1.1\r\nHost: flags\r\n\r\n");
                let read_timeout = Duration::from_secs(60);
                let answer =
                    send_raw(proxy, request.as_bytes(), read_timeout).await;
                answer.map(|(answer, _)| (path, outcome(&answer)))
            });
        }
    }
    let mut outcomes = BTreeMap::new();
    while let Some(answer) = asked.join_next().await {
        let (path, outcome) = answer.expect("a client does not panic")?;
        outcomes.insert(path, outcome);
    }
    Ok(outcomes)
}

/// Compares an answer with the length that it says it has.
fn outcome(answer: &str) -> String {
    let status = status(answer).unwrap_or("no answer").to_string();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let length = head.lines().find_map(|line| {
        let length = line.strip_prefix("content-length: ")?;
        length.parse::<usize>().ok()
    });
    let missing = length.unwrap_or(0).saturating_sub(body.len());
    match missing {
        0 => status,
        n => format!("{status}, and {n} byte missing"),
    }
}
