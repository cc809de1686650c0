//! Must not compile: a task that holds a lock's guard at an `.await`.

use std::sync::{Arc, Mutex};

use tokio::task;

#[tokio::main]
async fn main() {
    let count = Arc::new(Mutex::new(0));
    tokio::spawn(async move {
        let mut guard = count.lock().expect("no task panics");
        *guard += 1;
        task::yield_now().await;
    });
}
