//! `timeout`: a time limit for a future, and what becomes of the work.
//!
//! cargo run -p ch04-async -- timeout

use std::pin::pin;
use std::time::Duration;

use tokio::time::{self, Instant, error::Elapsed};

use crate::select::cook;
use crate::spawn::{LONG, SHORT};

/// Waits for rice, as long as `limit` allows.
pub async fn rice_within(limit: Duration) -> Result<&'static str, Elapsed> {
    time::timeout(limit, cook("rice", LONG)).await
}

/// Waits for a task, which nothing stops.
pub async fn task_within(limit: Duration) {
    let mut task = tokio::spawn(cook("rice", LONG));
    match time::timeout(limit, &mut task).await {
        Ok(_) => println!("  main: in time"),
        Err(_) => println!("  main: does something else"),
    }
    let rice = task.await.expect("the task does not panic");
    println!("  main: eats {rice}");
}

/// Waits for a future that it still has when the time is over.
pub async fn again(limit: Duration) {
    let mut rice = pin!(cook("rice", LONG));
    while time::timeout(limit, &mut rice).await.is_err() {
        println!("  main: still waits");
    }
}

/// Sleeps to a moment, not for a while: the limit is for all steps together.
pub async fn course(deadline: Instant) -> Result<(), Elapsed> {
    for (what, takes) in [("tea", SHORT), ("soup", SHORT), ("rice", LONG)] {
        time::timeout_at(deadline, cook(what, takes)).await?;
    }
    Ok(())
}

/// Runs all, one after the other.
pub async fn demo() {
    println!("a limit that is long enough");
    println!("  main: {:?}", rice_within(2 * LONG).await);
    println!("a limit that is too short");
    println!("  main: {:?}", rice_within(SHORT).await);
    println!("a limit around a task");
    task_within(SHORT).await;
    println!("a limit around a reference");
    again(LONG * 2 / 5).await;
    println!("a deadline for three steps");
    let deadline = Instant::now() + SHORT + LONG;
    println!("  main: {:?}", course(deadline).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_passes_ends_the_wait() {
        let start = Instant::now();
        assert!(rice_within(SHORT).await.is_err());
        assert_eq!(start.elapsed(), SHORT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_around_a_task_does_not_end_it() {
        let start = Instant::now();
        task_within(SHORT).await;
        assert_eq!(start.elapsed(), LONG);
    }
}
