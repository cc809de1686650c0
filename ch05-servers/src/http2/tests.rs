//! Which builder speaks HTTP/2, and that no server of the chapter does.

use std::sync::Arc;

use super::*;
use crate::serve::http::{self, Metrics};
use crate::serve::{Limits, serve};

/// Returns what a client with the preface of HTTP/2 hears, to the end.
async fn heard(address: SocketAddr) -> usize {
    let words = [frames::preface(), frames::get(1, true)].concat();
    let forever = CancellationToken::new();
    let visit = visit(address, words, forever);
    let limit = Duration::from_secs(60);
    let (heard, closed) =
        tokio::time::timeout(limit, visit).await.unwrap().unwrap();
    assert!(closed);
    frames::answers(&heard)
}

#[tokio::test]
async fn the_builder_of_http_1_refuses_the_preface() {
    let (listener, address) = listen().await.unwrap();
    tokio::spawn(accept(listener, false));
    assert_eq!(heard(address).await, 0);
}

#[tokio::test]
async fn the_servers_of_this_chapter_refuse_the_preface() {
    let (listener, address) = listen().await.unwrap();
    let stop = CancellationToken::new();
    let _stops = stop.clone().drop_guard();
    tokio::spawn(async move {
        let limits = Limits::default();
        serve(listener, &limits, stop, |stream, session| {
            let metrics = Arc::new(Metrics::default());
            http::connection(stream, session, limits, metrics, async |_| {
                text(StatusCode::OK, "hi\n")
            })
        })
        .await
    });
    assert_eq!(heard(address).await, 0);
}
