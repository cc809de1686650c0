//! Must not compile yet: `dyn` on `AsyncFn`.

#[tokio::main]
async fn main() {
    let work: Box<dyn AsyncFn()> = Box::new(async || println!("tea"));
    work().await;
}
