//! Makes breakfast: several dishes at once, on one timer.

use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Makes one dish, which takes some seconds of waiting.
pub async fn make(dish: &'static str, seconds: u64) -> &'static str {
    sleep(Duration::from_secs(seconds)).await;
    dish
}

/// Makes all dishes at once and returns them in the order they are ready.
pub async fn breakfast() -> Vec<&'static str> {
    let mut tasks = JoinSet::new();
    tasks.spawn(make("coffee", 2));
    tasks.spawn(make("toast", 1));
    let mut ready = Vec::new();
    while let Some(dish) = tasks.join_next().await {
        ready.push(dish.expect("no dish panics"));
    }
    ready
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn all_dishes_take_as_long_as_the_slowest() {
        let start = Instant::now();
        assert_eq!(breakfast().await, ["toast", "coffee"]);
        assert_eq!(start.elapsed().as_secs(), 2);
    }
}
