//! What `#[tokio::main]` makes of `main`.

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the system grants the threads");
    runtime.block_on(async {
        for dish in breakfast::breakfast().await {
            println!("{dish}");
        }
    });
}
