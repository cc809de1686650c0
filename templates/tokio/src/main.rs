#[tokio::main]
async fn main() {
    for dish in breakfast::breakfast().await {
        println!("{dish}");
    }
}
