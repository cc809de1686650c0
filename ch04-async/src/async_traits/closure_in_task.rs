//! Must not compile yet: any `AsyncFn`, in a task.

fn in_a_task(work: impl AsyncFn() + Send + 'static) {
    tokio::spawn(async move { work().await });
}

#[tokio::main]
async fn main() {
    in_a_task(async || println!("tea"));
}
