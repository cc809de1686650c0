//! Must not compile: the guard is dropped, but its scope has not ended.

use std::sync::{Arc, Mutex};

use tokio::task;

#[tokio::main]
async fn main() {
    let count = Arc::new(Mutex::new(0));
    tokio::spawn(async move {
        let mut guard = count.lock().expect("no task panics");
        *guard += 1;
        drop(guard);
        task::yield_now().await;
    });
}
