//! Must not compile: a generic `async fn` of a trait, in a task.

trait Cook: Send + Sync + 'static {
    async fn cook(&self) -> String;
}

fn in_a_task<C: Cook>(cook: C) {
    tokio::spawn(async move { cook.cook().await });
}

struct Tea;

impl Cook for Tea {
    async fn cook(&self) -> String {
        "tea".to_string()
    }
}

#[tokio::main]
async fn main() {
    in_a_task(Tea);
}
