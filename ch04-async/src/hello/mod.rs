//! `#[tokio::main]`, `async fn` and `.await`: a whole program with two waits.
//!
//! cargo run -p ch04-async -- hello

use std::time::{Duration, Instant};

use tokio::{runtime, time};

/// Waits as long as the order takes, and returns what was ordered.
pub async fn order(what: &str, takes: Duration) -> String {
    time::sleep(takes).await;
    format!("a cup of {what}")
}

/// Orders twice, the second time when the first order is there.
#[tokio::main]
pub async fn main() {
    let start = Instant::now();
    let tea = order("tea", Duration::from_millis(500)).await;
    println!("{} ms: {tea}", start.elapsed().as_millis());
    let soup = order("soup", Duration::from_millis(1000)).await;
    println!("{} ms: {soup}", start.elapsed().as_millis());
}

/// Does by hand what `#[tokio::main]` writes.
pub fn main_by_hand() {
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the system gives threads");
    runtime.block_on(async {
        let coffee = order("coffee", Duration::from_millis(100)).await;
        println!("by hand: {coffee}");
    });
}

/// Runs both programs.
pub fn demo() {
    main();
    main_by_hand();
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn two_orders_awaited_in_turn_take_the_sum() {
        let start = Instant::now();
        order("tea", Duration::from_millis(500)).await;
        order("soup", Duration::from_millis(1000)).await;
        assert_eq!(start.elapsed(), Duration::from_millis(1500));
    }
}
