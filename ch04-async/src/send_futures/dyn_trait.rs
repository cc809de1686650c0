//! Must not compile: `dyn` on a trait with an `async fn`.

trait Cook {
    async fn cook(&self) -> String;
}

#[tokio::main]
async fn main() {
    let cooks: Vec<Box<dyn Cook>> = Vec::new();
    for cook in &cooks {
        println!("{}", cook.cook().await);
    }
}
