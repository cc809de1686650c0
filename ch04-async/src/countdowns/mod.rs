//! Four waits on one thread take as long as the longest.
//!
//! `join!` polls its futures in one task: they may borrow from it. With `biased`
//! it polls them in the order given, so that even a tie has a winner.
//!
//! cargo run -p ch04-async -- countdowns

use std::time::Duration;

use tokio::time::{self, Instant};

const TICKS: u32 = 3;

/// One countdown: its name and how long it waits before each tick.
type Lane = (&'static str, Duration);

const LANES: [Lane; 4] = [
    ("A", Duration::from_millis(700)),
    ("B", Duration::from_millis(2_000)),
    ("C", Duration::from_millis(300)),
    ("D", Duration::from_millis(1_000)),
];

/// Waits and ticks, from three down to one.
pub async fn countdown(lane: Lane, tick: &impl Fn(&'static str, u32)) {
    let (name, pause) = lane;
    for n in (1..=TICKS).rev() {
        time::sleep(pause).await;
        tick(name, n);
    }
}

/// Runs all four; calls `tick` at each tick.
///
/// B's first tick and D's second are both due at 2.0 s. B comes first, because
/// `biased` polls it first: without that word, `join!` would start each time
/// with another of its futures.
pub async fn race(tick: impl Fn(&'static str, u32)) {
    let [a, b, c, d] = LANES.map(|lane| countdown(lane, &tick));
    tokio::join!(biased; a, b, c, d);
}

/// Prints each tick in its countdown's column.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, the countdown among its
/// examples.
pub async fn demo() {
    let start = Instant::now();
    race(|name, n| {
        let at = start.elapsed().as_secs_f64();
        let column = LANES.iter().position(|lane| lane.0 == name);
        let tabs = "\t".repeat(column.unwrap_or_default());
        println!("{tabs}{name} {n} {at:.1}");
    })
    .await;
    let waited = start.elapsed().as_secs_f64();
    let sum: Duration = LANES.iter().map(|lane| lane.1 * TICKS).sum();
    let sum = sum.as_secs_f64();
    println!("in all {waited:.1} s, one after the other {sum:.1} s");
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn twelve_ticks_come_in_one_order_and_a_tie_goes_to_the_first() {
        let ticks = RefCell::new(Vec::new());
        let start = Instant::now();
        race(|name, _| {
            let ms = start.elapsed().as_millis();
            ticks.borrow_mut().push((name, ms));
        })
        .await;
        let expected = [
            ("C", 300),
            ("C", 600),
            ("A", 700),
            ("C", 900),
            ("D", 1_000),
            ("A", 1_400),
            ("B", 2_000),
            ("D", 2_000),
            ("A", 2_100),
            ("D", 3_000),
            ("B", 4_000),
            ("B", 6_000),
        ];
        assert_eq!(*ticks.borrow(), expected);
    }
}
