//! Merged streams and `FuturesUnordered`: what a `select!` loop can become.
//!
//! cargo run -p ch04-async -- merge --paused

use std::pin::pin;
use std::time::Duration;

use futures::stream::{self, FuturesUnordered, Stream, StreamExt};
use tokio::time::{self, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// What can happen in a kitchen.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// A guest orders.
    Order(&'static str),
    /// A dish is done.
    Done(&'static str),
    /// The kitchen accepts no more orders.
    Closing,
}

/// Yields four orders, one each second.
pub fn orders() -> impl Stream<Item = &'static str> {
    let start = Instant::now();
    let dishes = [("tea", 0), ("rice", 1), ("soup", 2), ("cake", 3)];
    stream::iter(dishes).then(move |(dish, at)| async move {
        time::sleep_until(start + at * SECOND).await;
        dish
    })
}

/// Is over after two and a half seconds.
pub async fn closing_time() {
    time::sleep(SECOND * 5 / 2).await;
}

/// Cooks tea quickly, and rice slowly.
pub async fn cook(dish: &'static str) -> &'static str {
    let halves = match dish {
        "tea" => 1,
        "rice" => 6,
        _ => 2,
    };
    time::sleep(SECOND * halves / 2).await;
    dish
}

/// Waits, in each turn of the loop, for closing time from the beginning.
pub async fn loop_broken(log: &Log) {
    let mut orders = pin!(orders());
    loop {
        tokio::select! {
            Some(dish) = orders.next() => log.line(Event::Order(dish)),
            () = closing_time() => return log.line(Event::Closing),
        }
    }
}

/// Makes each source a stream, and handles the events one after the other.
pub async fn merged(log: &Log) {
    let orders = orders().map(Event::Order);
    let closing = stream::once(closing_time()).map(|()| Event::Closing);
    let mut events = pin!(stream::select(orders, closing));
    while let Some(event) = events.next().await {
        let last = event == Event::Closing;
        log.line(event);
        if last {
            return;
        }
    }
}

/// Cooks what is ordered, three dishes at once; the loop is in the library.
pub async fn as_done(log: &Log) {
    let dishes = orders().take_until(closing_time()).map(cook);
    let mut dishes = pin!(dishes.buffer_unordered(3));
    while let Some(dish) = dishes.next().await {
        log.line(Event::Done(dish));
    }
}

/// Accepts orders until closing time, and finishes what it has begun.
pub async fn select_loop(log: &Log) {
    let mut orders = pin!(orders());
    let mut closing = pin!(closing_time());
    let mut open = true;
    let mut cooking = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(dish) = orders.next(), if open => {
                log.line(Event::Order(dish));
                cooking.push(cook(dish));
            }
            Some(dish) = cooking.next() => log.line(Event::Done(dish)),
            () = &mut closing, if open => {
                log.line(Event::Closing);
                open = false;
            }
            else => return,
        }
    }
}

/// Prints events, each with its time.
pub struct Log(Instant);

impl Log {
    fn line(&self, event: Event) {
        println!("  {:.1} s: {event:?}", self.0.elapsed().as_secs_f64());
    }
}

/// Runs one kitchen in four ways.
pub async fn demo() {
    println!("a select! loop that begins to wait again in each turn");
    loop_broken(&Log(Instant::now())).await;
    println!("two streams, merged");
    merged(&Log(Instant::now())).await;
    println!("a stream of what is done");
    as_done(&Log(Instant::now())).await;
    println!("a select! loop that keeps what it waits for");
    select_loop(&Log(Instant::now())).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn seconds(run: impl AsyncFn(&Log)) -> f64 {
        let start = Instant::now();
        run(&Log(start)).await;
        start.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_loop_that_begins_again_closes_late() {
        assert_eq!(seconds(loop_broken).await, 5.5);
        assert_eq!(seconds(merged).await, 2.5);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_been_ordered_is_cooked_to_the_end() {
        assert_eq!(seconds(as_done).await, 4.0);
        assert_eq!(seconds(select_loop).await, 4.0);
    }
}
