//! What one item of a plain generator costs, against an iterator by hand.
//!
//! cargo bench -p ch03-generators --bench countdown

mod record;

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use ch03_generators::countdown::Countdown;
use ch03_generators::generator::{Gen, Slot};
use diapause::{Coroutine as _, CoroutineState};
use futures_core::Stream;
use record::{Case, compete, lap};

const PYTHON: &str = "
import sys, time
def countdown(n):
    while n:
        yield n
        n -= 1
items = int(sys.argv[1])
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
    let cases = vec![
        Case::new("hand", "iterator by hand", |n| {
            lap(n, || sum(Countdown::new(n)))
        }),
        Case::new("stack", "gen, on the stack", |n| {
            lap(n, || {
                let slot = Slot::new();
                let body = pin!(body(&slot, n));
                sum(Gen::new(&slot, body))
            })
        }),
        Case::new("boxed", "gen, in a box", |n| {
            lap(n, || {
                let slot = Slot::new();
                sum(Gen::new(&slot, Box::pin(body(&slot, n))))
            })
        }),
        Case::new("coroutine", "coroutine, whole protocol", |n| {
            lap(n, || {
                let mut numbers = Coroutine::new(|co| full(co, n));
                sum(numbers.items().map_while(Result::ok))
            })
        }),
        Case::new("diapause", "diapause", |n| {
            lap(n, || {
                let (mut numbers, mut total) = (transformed(n), 0);
                let mut state = numbers.start();
                while let CoroutineState::Yielded(n) = state {
                    total += u64::from(black_box(n));
                    state = numbers.resume(());
                }
                total
            })
        }),
        Case::new("async-stream", "async-stream, on the stack", |n| {
            lap(n, || {
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
            })
        }),
        Case::new("genawaiter", "genawaiter, rc", |n| {
            lap(n, || {
                let numbers = genawaiter::rc::Gen::new(|co| async move {
                    let mut n = n;
                    while n > 0 {
                        co.yield_(n).await;
                        n -= 1;
                    }
                });
                sum(numbers.into_iter())
            })
        }),
        Case::new("corosensei", "corosensei, a stack of its own", |n| {
            lap(n, || {
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
            })
        }),
        Case::python("cpython", "CPython", PYTHON),
    ];
    let what = "a countdown, one item at a time";
    compete("countdown", what, (50_000, 201), cases);
}
