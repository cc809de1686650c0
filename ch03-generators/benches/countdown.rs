//! What one item of a plain generator costs, against an iterator by hand.
//!
//! cargo bench -p ch03-generators --bench countdown

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use ch03_generators::countdown::Countdown;
use ch03_generators::generator::{Gen, Slot};
use criterion::Criterion;
use diapause::{Coroutine as _, CoroutineState};
use futures_core::Stream;
use measure::Comparison;

const PYTHON: &str = "
import sys, time
def countdown(n):
    while n:
        yield n
        n -= 1
items = int(sys.argv[1]) * int(sys.argv[2])
start = time.perf_counter_ns()
total = 0
for n in countdown(items):
    total += n
print(time.perf_counter_ns() - start, total)
";

fn sum(numbers: impl Iterator<Item = u32>) -> u64 {
    numbers.map(|n| u64::from(black_box(n))).sum()
}

async fn body(slot: &Slot<u32>, from: u32) {
    let mut n = from;
    while n > 0 {
        slot.yield_(n).await;
        n -= 1;
    }
}

async fn full(co: Co<'_, u32>, from: u32) -> Result<(), Raised> {
    let mut n = from;
    while n > 0 {
        co.yield_(n).await?;
        n -= 1;
    }
    Ok(())
}

#[diapause::coroutine(yield = u32)]
fn transformed(from: u32) {
    let mut n: u32 = from;
    while n > 0 {
        yield_!(n);
        n -= 1;
    }
}

fn main() {
    measure::criterion(countdown);
}

fn countdown(criterion: &mut Criterion) {
    let mut comparison = Comparison::new(criterion, "countdown", 50_000);
    comparison.add("hand", |n| sum(Countdown::new(n)));
    comparison.add("stack", |n| {
        let slot = Slot::new();
        let body = pin!(body(&slot, n));
        sum(Gen::new(&slot, body))
    });
    comparison.add("boxed", |n| {
        let slot = Slot::new();
        sum(Gen::new(&slot, Box::pin(body(&slot, n))))
    });
    comparison.add("coroutine", |n| {
        let mut numbers = Coroutine::new(|co| full(co, n));
        sum(numbers.items().map_while(Result::ok))
    });
    comparison.add("diapause", |n| {
        let (mut numbers, mut total) = (transformed(n), 0);
        let mut state = numbers.start();
        while let CoroutineState::Yielded(n) = state {
            total += u64::from(black_box(n));
            state = numbers.resume(());
        }
        total
    });
    comparison.add("async-stream", |n| {
        let mut stream = pin!(async_stream::stream! {
            let mut n = n;
            while n > 0 {
                yield n;
                n -= 1;
            }
        });
        let mut cx = Context::from_waker(Waker::noop());
        sum(std::iter::from_fn(|| {
            match stream.as_mut().poll_next(&mut cx) {
                Poll::Ready(item) => item,
                Poll::Pending => None,
            }
        }))
    });
    comparison.add("genawaiter", |n| {
        let numbers = genawaiter::rc::Gen::new(|co| async move {
            let mut n = n;
            while n > 0 {
                co.yield_(n).await;
                n -= 1;
            }
        });
        sum(numbers.into_iter())
    });
    comparison.add("corosensei", |n| {
        let mut numbers = corosensei::Coroutine::new(
            move |yielder: &corosensei::Yielder<(), u32>, ()| {
                let mut n = n;
                while n > 0 {
                    yielder.suspend(n);
                    n -= 1;
                }
            },
        );
        sum(std::iter::from_fn(|| numbers.resume(()).as_yield()))
    });
    comparison.python("cpython", PYTHON);
}
