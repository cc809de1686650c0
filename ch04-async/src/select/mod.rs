//! `select!`: wait for the first of several futures, and drop the others.
//!
//! cargo run -p ch04-async -- select

use std::future;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;

use crate::spawn::{LONG, SHORT};

/// Something that a dish owns: it says when it is dropped.
struct Plate(&'static str, Instant);

impl Drop for Plate {
    fn drop(&mut self) {
        let at = self.1.elapsed().as_secs_f32();
        println!("  {}: plate dropped at {at:.1} s", self.0);
    }
}

/// Takes its time, and owns a plate for as long.
pub async fn cook(what: &'static str, takes: Duration) -> &'static str {
    let _plate = Plate(what, Instant::now());
    time::sleep(takes).await;
    println!("  {what}: done");
    what
}

/// Serves what is done first.
pub async fn first() {
    let tea = cook("tea", SHORT);
    let rice = cook("rice", LONG);
    tokio::select! {
        drink = tea => println!("  main: drinks {drink}"),
        food = rice => println!("  main: eats {food}"),
    }
}

/// Serves lines until it receives the stop signal, or there are no more.
pub async fn serve(mut lines: mpsc::Receiver<&str>, stop: CancellationToken) {
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                println!("  server: told to stop");
                return;
            }
            line = lines.recv() => match line {
                Some(line) => println!("  server: {line}"),
                None => return,
            },
        }
    }
}

/// Takes from both queues until both have ended.
pub async fn merge(
    mut left: mpsc::Receiver<u32>,
    mut right: mpsc::Receiver<u32>,
) -> u32 {
    let mut sum = 0;
    loop {
        tokio::select! {
            Some(n) = left.recv() => sum += n,
            Some(n) = right.recv() => sum += n,
            else => return sum,
        }
    }
}

/// Counts how often the first of two futures wins, if both are ready.
pub async fn wins(rounds: u32) -> (u32, u32) {
    let (mut shuffled, mut biased) = (0, 0);
    for _ in 0..rounds {
        tokio::select! {
            () = future::ready(()) => shuffled += 1,
            () = future::ready(()) => {}
        }
        tokio::select! {
            biased;
            () = future::ready(()) => biased += 1,
            () = future::ready(()) => {}
        }
    }
    (shuffled, biased)
}

/// Runs the four, one after the other.
pub async fn demo() {
    println!("the first of two");
    first().await;

    println!("a loop");
    let (sender, lines) = mpsc::channel(8);
    let stop = CancellationToken::new();
    let client = async {
        for line in ["GET /tea", "GET /rice"] {
            sender.send(line).await.expect("the server listens");
            time::sleep(SHORT).await;
        }
        stop.cancel();
    };
    tokio::join!(serve(lines, stop.clone()), client);

    println!("two queues");
    let (left, from_left) = mpsc::channel(8);
    let (right, from_right) = mpsc::channel(8);
    let fill = async move {
        for (queue, n) in [(&left, 1), (&right, 20), (&left, 300)] {
            queue.send(n).await.expect("the merge listens");
        }
    };
    let (sum, ()) = tokio::join!(merge(from_left, from_right), fill);
    println!("  sum: {sum}");

    println!("two that are ready");
    let (shuffled, biased) = wins(1000).await;
    println!("  the first wins: {shuffled} of 1000");
    println!("  the first wins, biased: {biased} of 1000");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn select_ends_with_the_first() {
        let start = Instant::now();
        first().await;
        assert_eq!(start.elapsed(), SHORT);
    }

    #[tokio::test]
    async fn a_biased_select_takes_the_first_that_is_ready() {
        let (shuffled, biased) = wins(100).await;
        assert_eq!(biased, 100);
        assert!((1..100).contains(&shuffled), "{shuffled}");
    }
}
