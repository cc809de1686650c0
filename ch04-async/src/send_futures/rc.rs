//! Must not compile: a task that keeps an `Rc` over an `.await`.

use std::rc::Rc;

use tokio::task;

#[tokio::main]
async fn main() {
    tokio::spawn(async {
        let name = Rc::new("tea");
        task::yield_now().await;
        println!("{name}");
    });
}
