//! `join!` and `join_all`: wait for all of several futures, in one task.
//!
//! cargo run -p ch04-async -- join

use futures::future;
use tokio::time::{self, Instant};

use crate::spawn::{LONG, SHORT, cook};

/// Cooks two dishes at the same time, without a task for either.
pub async fn both() {
    let start = Instant::now();
    let (tea, rice) = tokio::join!(cook("tea", SHORT), cook("rice", LONG));
    let took = start.elapsed().as_secs_f32();
    println!("  main: {tea} and {rice} after {took:.1} s");
}

/// Cooks as many dishes as are in a list.
pub async fn all() {
    let start = Instant::now();
    let menu = [("soup", SHORT + LONG), ("tea", SHORT), ("rice", LONG)];
    let dishes = menu.map(|(what, takes)| cook(what, takes));
    let served = future::join_all(dishes).await;
    let took = start.elapsed().as_secs_f32();
    println!("  main: {} after {took:.1} s", served.join(", "));
}

/// Counts in a variable of the caller, which a task could not borrow.
pub async fn borrowed() {
    let orders = vec!["tea".to_string(), "rice".to_string()];
    let count = async |letter| {
        time::sleep(SHORT).await;
        orders.iter().filter(|what| what.contains(letter)).count()
    };
    let (e, a) = tokio::join!(count('e'), count('a'));
    println!("  main: {e} with e, {a} with a, of {orders:?}");
}

/// Fails, after a while.
async fn order_of(what: &str) -> Result<&str, String> {
    time::sleep(SHORT).await;
    Err(format!("{what} is out"))
}

/// Stops at the first error.
pub async fn first_error() {
    let start = Instant::now();
    let rice = async { Ok(cook("rice", LONG).await) };
    let served = tokio::try_join!(rice, order_of("tea"));
    let took = start.elapsed().as_secs_f32();
    println!("  main: {served:?} after {took:.1} s");
}

/// Runs the four, one after the other.
pub async fn demo() {
    println!("join!");
    both().await;
    println!("join_all");
    all().await;
    println!("what the futures borrow");
    borrowed().await;
    println!("try_join!");
    first_error().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn joined_futures_take_as_long_as_the_longest() {
        let start = Instant::now();
        all().await;
        assert_eq!(start.elapsed(), SHORT + LONG);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_error_ends_the_wait() {
        let start = Instant::now();
        first_error().await;
        assert_eq!(start.elapsed(), SHORT);
    }
}
