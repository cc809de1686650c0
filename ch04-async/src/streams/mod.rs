//! A stream is an iterator that may have to wait for its next item.
//!
//! By hand it is one method, `poll_next`; with `async_stream` it is written as
//! Python's async generator is. There is no `async for`: `while let` awaits.
//!
//! cargo run -p ch04-async -- streams --paused

use std::collections::{BTreeMap, BTreeSet};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_stream::stream;
use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, Stream, StreamExt};
use tokio::time::{self, Instant, Sleep};

const MOMENT: Duration = Duration::from_millis(50);

/// Counts down to zero, a moment before each number.
///
/// No iterator: a plain `for` is refused by the compiler, where Python raises
/// a `TypeError` once it gets there.
///
/// ```compile_fail,E0277
/// for n in ch04_async::streams::Ticker::new(3) {}
/// ```
pub struct Ticker {
    left: u32,
    wait: Pin<Box<Sleep>>,
}

impl Ticker {
    /// Makes a ticker that yields `n` numbers.
    pub fn new(n: u32) -> Ticker {
        let wait = Box::pin(time::sleep(MOMENT));
        Ticker { left: n, wait }
    }
}

impl Stream for Ticker {
    type Item = u32;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<u32>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        // Returns `Pending` from here, if it is not time yet.
        ready!(self.wait.as_mut().poll(cx));
        self.left -= 1;
        let next = Instant::now() + MOMENT;
        self.wait.as_mut().reset(next);
        Poll::Ready(Some(self.left))
    }
}

/// Looks a name up in a directory with a delay for each name.
///
/// Returns the name, and whether it is there.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, the domain probe.
pub async fn probe(name: &str) -> (&str, bool) {
    // A longer name takes longer, and those of an even length exist.
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    time::sleep(MOMENT * length).await;
    (name, length.is_multiple_of(2))
}

/// Probes all names at once; yields each as soon as it is known.
pub fn multi_probe<'a>(
    names: &[&'a str],
) -> impl Stream<Item = (&'a str, bool)> + use<'a> {
    let mut probes: FuturesUnordered<_> =
        names.iter().map(|name| probe(name)).collect();
    stream! {
        while let Some(found) = probes.next().await {
            yield found;
        }
    }
}

/// The names to look for.
pub const NAMES: [&str; 5] = ["async", "if", "await", "fn", "impl"];

/// Ticks, probes, filters, and compares waiting in turn with waiting at once.
pub async fn demo() {
    let mut ticker = pin!(Ticker::new(3));
    while let Some(n) = ticker.next().await {
        println!("tick {n}");
    }

    println!("{:<10}NOT FOUND", "FOUND");
    let mut probes = pin!(multi_probe(&NAMES));
    while let Some((name, found)) = probes.next().await {
        let column = if found { 0 } else { 10 };
        println!("{:column$}{name}", "");
    }

    let found = multi_probe(&NAMES).filter(|found| {
        let found = found.1;
        async move { found }
    });
    let found: Vec<_> = found.map(|(name, _)| name).collect().await;
    println!("found: {found:?}");
    // Made here, and run where it is collected: the iterator of streams.
    let lengths = multi_probe(&NAMES).map(|(name, _)| name.len());
    let lengths: BTreeSet<_> = lengths.collect().await;
    println!("a set of lengths: {lengths:?}");
    let found: BTreeMap<_, _> = multi_probe(&NAMES[..3]).collect().await;
    println!("a map: {found:?}");

    let start = Instant::now();
    for name in NAMES {
        probe(name).await;
    }
    println!("awaited in a loop: {:.0} moments", moments(start));
    let start = Instant::now();
    stream::iter(NAMES).then(probe).for_each(async |_| {}).await;
    println!("then: {:.0} moments", moments(start));
    let start = Instant::now();
    let two = stream::iter(NAMES).map(probe).buffered(2);
    two.for_each(async |_| {}).await;
    println!("buffered, two at a time: {:.0} moments", moments(start));
    let start = Instant::now();
    join_all(NAMES.map(probe)).await;
    println!("awaited together: {:.0} moments", moments(start));
}

fn moments(start: Instant) -> f64 {
    start.elapsed().div_duration_f64(MOMENT)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_ticker_waits_before_each_number_and_ends() {
        let start = Instant::now();
        let ticks: Vec<_> = Ticker::new(3).collect().await;
        assert_eq!(ticks, [2, 1, 0]);
        assert_eq!(start.elapsed(), 3 * MOMENT);
    }

    #[tokio::test(start_paused = true)]
    async fn probes_come_as_they_are_known_and_take_the_longest() {
        let start = Instant::now();
        let names = ["await", "if", "impl"];
        let found: Vec<_> = multi_probe(&names).collect().await;
        assert_eq!(found, [("if", true), ("impl", true), ("await", false)]);
        assert_eq!(start.elapsed(), 5 * MOMENT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_is_dropped_drops_what_it_waits_for() {
        let alive = Rc::new(());
        let guard = alive.clone();
        let mut numbers = Box::pin(stream! {
            // What Python's `aclose()` runs in a `finally`.
            let _guard = guard;
            for n in 0.. {
                yield n;
            }
        });
        assert_eq!(numbers.next().await, Some(0));
        assert_eq!(Rc::strong_count(&alive), 2);
        drop(numbers);
        assert_eq!(Rc::strong_count(&alive), 1);
    }

    #[test]
    fn a_stream_can_be_made_where_nothing_can_be_awaited() {
        // No runtime here, as Python's generator expression needs no loop.
        let found = multi_probe(&["fn"]).map(|(name, _)| name);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let names: Vec<_> = runtime.block_on(found.collect());
        assert_eq!(names, ["fn"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_condition_may_be_awaited_for_each_item() {
        let names = stream::iter(NAMES);
        let even = names.filter(|name| {
            let name = *name;
            async move { probe(name).await.1 }
        });
        let even: Vec<_> = even.collect().await;
        assert_eq!(even, ["if", "fn", "impl"]);
    }
}
