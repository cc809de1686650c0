//! A delay that blocks and one that waits are one flag apart.
//!
//! The names of the signs as a service. `--blocking 0.1` makes ten answers a
//! second, however many clients ask; `--waiting 0.1` makes ten for each.
//!
//! cargo run -p ch05-servers -- signs
//! cargo run -p ch05-servers -- signs --port 8000 --waiting 0.1

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::finder::{Index, names, words};
use crate::serve::http::{self, Metrics, not_allowed, text};
use crate::serve::{Ended, Limits, serve};

pub mod client;
pub mod demo;
pub mod program;

/// Whether the thread waits, and every task on it, or the task alone.
#[derive(Clone, Copy, Debug)]
pub enum Delay {
    /// The thread sleeps.
    Blocking(Duration),
    /// The task waits.
    Waiting(Duration),
}

/// The service, with a delay in each answer.
pub struct Signs {
    index: Index,
    delay: Delay,
    slots: Semaphore,
    under_way: AtomicUsize,
    /// How many answers were under way at once, at most.
    pub peak: AtomicUsize,
}

impl Signs {
    /// Works on at most `slots` answers at once; more requests wait.
    pub fn new(index: Index, delay: Delay, slots: usize) -> Arc<Signs> {
        Arc::new(Signs {
            index,
            delay,
            slots: Semaphore::new(slots),
            under_way: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        })
    }

    /// Answers `/index/WORD` with the codes of those that have the word, one a
    /// line, and `/name/265C` with a name.
    pub async fn answer(&self, path: &str) -> Response<Full<Bytes>> {
        let slot = self.slots.acquire().await;
        let _slot = slot.expect("the semaphore is never closed");
        let under_way = self.under_way.fetch_add(1, SeqCst) + 1;
        self.peak.fetch_max(under_way, SeqCst);
        // The flag.
        match self.delay {
            Delay::Blocking(time) => thread::sleep(time),
            Delay::Waiting(time) => tokio::time::sleep(time).await,
        }
        self.under_way.fetch_sub(1, SeqCst);
        if let Some(word) = path.strip_prefix("/index/") {
            self.index_of(word)
        } else if let Some(code) = path.strip_prefix("/name/") {
            self.name_of(code)
        } else {
            text(StatusCode::NOT_FOUND, "see /index/chess, /name/265C\n")
        }
    }

    fn index_of(&self, word: &str) -> Response<Full<Bytes>> {
        if words(word).count() != 1 {
            return text(StatusCode::BAD_REQUEST, "one word, please\n");
        }
        let found = self.index.find(word);
        let lines =
            found.iter().map(|c| format!("{:04X}\n", u32::from(c.char)));
        text(StatusCode::OK, lines.collect::<String>())
    }

    fn name_of(&self, code: &str) -> Response<Full<Bytes>> {
        // Rust reads a `+` before a number, too.
        let digits = code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = match code.len() {
            4..=6 if digits => u32::from_str_radix(code, 16).ok(),
            _ => None,
        };
        let Some(char) = number.and_then(char::from_u32) else {
            let words = "a code is 4 to 6 hexadecimal digits\n";
            return text(StatusCode::BAD_REQUEST, words);
        };
        match names::name(char) {
            Some(name) => text(StatusCode::OK, name.to_string()),
            None => text(StatusCode::NOT_FOUND, "it has no name\n"),
        }
    }
}

/// Serves until the token is cancelled.
pub async fn run(
    signs: Arc<Signs>,
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> Ended {
    let metrics = Arc::new(Metrics::default());
    serve(listener, &limits, stop, |stream, session| {
        let (signs, metrics) = (Arc::clone(&signs), Arc::clone(&metrics));
        let answer = move |request: Request<_>| {
            let signs = Arc::clone(&signs);
            async move {
                match request.method().as_str() {
                    "GET" | "HEAD" => signs.answer(request.uri().path()).await,
                    _ => not_allowed("GET, HEAD"),
                }
            }
        };
        http::connection(stream, session, limits, metrics, answer)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_follows_a_rule_is_a_name() {
        let index = Index::of('a'..='z');
        let signs = Signs::new(index, Delay::Waiting(Duration::ZERO), 1);
        assert_eq!(signs.name_of("17000").status(), StatusCode::OK);
        assert_eq!(signs.name_of("18D1F").status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn a_code_is_hexadecimal_and_a_word_is_one() {
        let delay = Delay::Waiting(Duration::ZERO);
        let signs = Signs::new(Index::of('a'..='z'), delay, 1);
        for (path, status) in [
            ("/name/265C", 200),
            ("/name/1F600", 200),
            // A private one; too short; no digits; none; a half of one.
            ("/name/E000", 404),
            ("/name/41", 400),
            ("/name/ROOK", 400),
            ("/name/", 400),
            ("/name/D800", 400),
            ("/name/+65C", 400),
            ("/name/1000000", 400),
            ("/index/latin", 200),
            ("/index/unheard", 200),
            ("/index/", 400),
            ("/index/latin%20small", 400),
            ("/", 404),
        ] {
            let answer = signs.answer(path).await;
            assert_eq!(answer.status().as_u16(), status, "{path}");
        }
    }
}
