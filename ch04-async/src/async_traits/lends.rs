//! Must not compile: a closure whose future borrows from the closure.

use tokio::task;

async fn twice<F: Future>(mut work: impl FnMut() -> F) {
    work().await;
    work().await;
}

#[tokio::main]
async fn main() {
    let mut log = Vec::new();
    twice(|| async {
        log.push("called");
        task::yield_now().await;
    })
    .await;
    println!("{log:?}");
}
