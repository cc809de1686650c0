//! Eight downloads and three permits, on a paused clock.

use ch04_async::throttle::Server;
use futures::future::join_all;
use tokio::sync::Semaphore;

use crate::trace::Trace;

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn run() {
    let trace = Trace::start("virtual");
    let (server, semaphore) = (Server::default(), Semaphore::new(3));
    // The lines of `throttled`, and what is between them.
    join_all((1..=8).map(async |i| {
        let lane = format!("item-{i}");
        trace.tell(&lane, "waits", "for a permit");
        let _permit = semaphore.acquire().await.expect("it is never closed");
        trace.tell(&lane, "runs", "request");
        server.request().await;
        trace.tell(&lane, "ends", "");
    }))
    .await;
}
