//! Must not compile: `.await` in a function that is not `async`.

use std::time::Duration;

use tokio::time;

fn main() {
    time::sleep(Duration::from_millis(500)).await;
}
