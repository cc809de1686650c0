//! A yield that evaluates to what the caller sends next.
//!
//! New: no yield waits for a value that is sent before the first one. Python
//! finds out when it runs, `Fresh` and `Waiting` when it is compiled.
//!
//! cargo run -p ch03-generators -- send

pub mod trace;

use std::cell::Cell;
use std::ops::DerefMut;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::coroutine::{Co, Coroutine, Raised, Resumable};

/// What a body and its caller hand to each other: a cell for each direction.
pub struct Exchange<Y, S> {
    yielded: Cell<Option<Y>>,
    sent: Cell<Option<S>>,
}

impl<Y, S> Exchange<Y, S> {
    /// Makes an exchange, for one body and its caller.
    pub fn new() -> Self {
        Exchange {
            yielded: Cell::new(None),
            sent: Cell::new(None),
        }
    }

    /// Hands out `item`; awaited, evaluates to the value that is sent for it.
    #[inline]
    pub fn yield_(&self, item: Y) -> Yield<'_, Y, S> {
        self.yielded.set(Some(item));
        Yield(self)
    }
}

/// Is pending until a value is sent.
#[must_use = "a body stops where this is awaited"]
pub struct Yield<'s, Y, S>(&'s Exchange<Y, S>);

impl<Y, S> Future for Yield<'_, Y, S> {
    type Output = S;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context) -> Poll<S> {
        self.0.sent.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<Y, S> Default for Exchange<Y, S> {
    fn default() -> Self {
        Exchange::new()
    }
}

/// A body that has not begun: it can be started, and that is all.
///
/// ```compile_fail,E0599
/// use ch03_generators::send::{Exchange, Fresh, averager};
/// use std::pin::pin;
///
/// let exchange = Exchange::new();
/// let body = pin!(averager(&exchange));
/// let mut averager = Fresh::new(&exchange, body);
/// averager.send(10.0);
/// ```
pub struct Fresh<'s, Y, S, P>(Waiting<'s, Y, S, P>);

/// A body that waits at a yield, or has ended.
pub struct Waiting<'s, Y, S, P> {
    exchange: &'s Exchange<Y, S>,
    body: Option<Pin<P>>,
}

impl<'s, Y, S, P> Fresh<'s, Y, S, P>
where
    P: DerefMut<Target: Future<Output = ()>>,
{
    /// Makes a coroutine of a body that yields through `exchange`.
    pub fn new(exchange: &'s Exchange<Y, S>, body: Pin<P>) -> Self {
        Fresh(Waiting {
            exchange,
            body: Some(body),
        })
    }

    /// Runs to the first yield: Python calls it priming.
    ///
    /// Returns what was yielded, `None` if the body ended without a yield.
    pub fn start(mut self) -> (Option<Y>, Waiting<'s, Y, S, P>) {
        let first = self.0.poll();
        (first, self.0)
    }
}

impl<Y, S, P> Waiting<'_, Y, S, P>
where
    P: DerefMut<Target: Future<Output = ()>>,
{
    /// Sends `value` to the yield where the body waits.
    ///
    /// Returns what it yields next, `None` once it has ended.
    #[inline]
    pub fn send(&mut self, value: S) -> Option<Y> {
        self.exchange.sent.set(Some(value));
        self.poll()
    }

    #[inline]
    fn poll(&mut self) -> Option<Y> {
        let body = self.body.as_mut()?;
        match body.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => self.exchange.yielded.take(),
            Poll::Ready(()) => {
                self.body = None;
                None
            }
        }
    }
}

/// Is sent numbers, yields their average so far; there is none at first.
pub async fn averager(exchange: &Exchange<Option<f64>, f64>) {
    let (mut total, mut average) = (0.0, None);
    for count in 1.. {
        total += exchange.yield_(average).await;
        average = Some(total / f64::from(count));
    }
}

/// Is sent lines, prints those with `pattern` in them.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 1.
pub async fn grep<'a>(
    co: Co<'a, (), &'a str>,
    pattern: &str,
) -> Result<(), Raised> {
    println!("  looking for {pattern}");
    loop {
        match co.yield_(()).await? {
            Some(line) if line.contains(pattern) => println!("  {line}"),
            _ => {}
        }
    }
}

/// Shows priming as a type and as a run-time error.
pub fn demo() {
    let exchange = Exchange::new();
    let body = pin!(averager(&exchange));
    let (first, mut averager) = Fresh::new(&exchange, body).start();
    println!("average: {:?}", first.flatten());
    for term in [10.0, 30.0, 5.0, 20.0] {
        println!("average: {:?}", averager.send(term).flatten());
    }

    println!("called: nothing has run");
    let mut grep = Coroutine::new(|co| grep(co, "python"));
    if let Err(refused) = grep.try_send("is anybody there?") {
        println!("refused: {refused}");
        println!("handed back: {}", refused.value);
    }
    println!("{:?}", grep.next());
    for line in ["no match here", "python generators rock!"] {
        println!("{:?}", grep.send(line));
    }
    trace::demo();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_values_are_averaged_and_none_has_no_average() {
        let exchange = Exchange::new();
        let body = pin!(averager(&exchange));
        let (first, mut averager) = Fresh::new(&exchange, body).start();
        assert_eq!(first, Some(None));
        for _ in 0..999_999 {
            averager.send(2.0);
        }
        assert_eq!(averager.send(2.0), Some(Some(2.0)));
        assert!(averager.send(f64::NAN).flatten().unwrap().is_nan());
    }

    #[test]
    fn sends_after_the_end_are_ignored() {
        let exchange = Exchange::new();
        let body = pin!(async {
            exchange.yield_(1).await;
        });
        let (first, mut once) = Fresh::new(&exchange, body).start();
        assert_eq!(first, Some(1));
        assert_eq!([once.send('a'), once.send('b')], [None, None]);
    }
}
