//! A heavy answer, made whole on the event loop, makes every client wait.
//!
//! The same hundred thousand rows as one answer, as pages, and as one answer
//! made on another thread; beside it, a light client that asks all the time.
//!
//! cargo run -p ch05-servers -- heavy-query

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use tokio::net::TcpListener;
use tokio::task;
use tokio_util::sync::CancellationToken;

use crate::finder::shared::SharedIndex;
use crate::serve::http::{self, Metrics, text};
use crate::serve::{Ended, Limits, serve};
use crate::web::wanted::Wanted;
use crate::web::{Answer, json};
use client::WAYS;

pub mod client;
pub mod demo;

/// How many light answers there were, and when the heavy ones were made.
///
/// Relaxed throughout: two numbers are compared by the thread that wrote both.
#[derive(Default)]
pub struct Tally {
    light: AtomicU64,
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Tally {
    /// Forgets the last heavy query.
    pub fn reset(&self) {
        self.begun.store(u64::MAX, Relaxed);
    }

    /// Returns how many light answers there were between the beginning of the
    /// first heavy answer and the end of the last one.
    pub fn meanwhile(&self) -> u64 {
        self.ended.load(Relaxed) - self.begun.load(Relaxed)
    }

    fn begin(&self) {
        self.begun.fetch_min(self.light.load(Relaxed), Relaxed);
    }

    fn end(&self) {
        self.ended.store(self.light.load(Relaxed), Relaxed);
    }
}

/// Answers a query in the way that the path names.
async fn answer(
    request: Request<Incoming>,
    index: SharedIndex,
    tally: Arc<Tally>,
) -> Answer {
    let wanted = Wanted::parse(request.uri().query().unwrap_or_default());
    let Ok(wanted) = wanted else {
        return text(StatusCode::BAD_REQUEST, "no query\n");
    };
    let everything = Wanted {
        query: wanted.query.clone(),
        range: 0..usize::MAX,
    };
    let ready = index.ready().await;
    let way = request.uri().path();
    if !WAYS
        .iter()
        .any(|known| way.strip_prefix('/') == Some(known))
    {
        tally.light.fetch_add(1, Relaxed);
        return json::answer(ready, Ok(wanted));
    }
    tally.begin();
    let answer = match way {
        // No await in there: until it is done, no other task has a turn.
        "/whole" => json::answer(ready, Ok(everything)),
        // As much as a page holds, and then it is another task's turn.
        "/pages" => json::answer(ready, Ok(wanted)),
        _elsewhere => {
            let made = task::spawn_blocking(move || {
                let index = index.get().expect("it is there since `ready`");
                json::answer(index, Ok(everything))
            });
            made.await.expect("it does not panic")
        }
    };
    tally.end();
    answer
}

/// Serves the three ways, and light queries under any other path.
pub async fn server(
    listener: TcpListener,
    index: SharedIndex,
    tally: Arc<Tally>,
    shutdown: CancellationToken,
) -> Ended {
    let limits = Limits::default();
    let metrics = Arc::new(Metrics::default());
    serve(listener, &limits, shutdown, |stream, session| {
        let (index, tally) = (index.clone(), Arc::clone(&tally));
        let metrics = Arc::clone(&metrics);
        let answer =
            move |request| answer(request, index.clone(), Arc::clone(&tally));
        http::connection(stream, session, limits, metrics, answer)
    })
    .await
}
