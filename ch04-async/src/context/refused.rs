//! Must not compile: a task that stays in a span over an `.await`.

use tokio::task;
use tracing::info_span;

#[tokio::main]
async fn main() {
    tokio::spawn(async {
        let _entered = info_span!("request").entered();
        task::yield_now().await;
    });
}
