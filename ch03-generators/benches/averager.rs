//! What sending one value costs, against a struct by hand.
//!
//! cargo bench -p ch03-generators --bench averager

use std::hint::black_box;
use std::pin::pin;

use ch03_generators::coroutine::{
    Co, Coroutine, Movable, MovableCo, Raised, Resumable, Step,
};
use ch03_generators::send::{Exchange, Fresh};
use criterion::Criterion;
use diapause::{Coroutine as _, CoroutineState};
use genawaiter::GeneratorState;
use measure::Comparison;

const PYTHON: &str = "
import sys, time
def averager():
    total, count, average = 0.0, 0, None
    while True:
        total += yield average
        count += 1
        average = total / count
items = int(sys.argv[1]) * int(sys.argv[2])
average = averager()
next(average)
start = time.perf_counter_ns()
for i in range(items):
    last = average.send(float(i))
print(time.perf_counter_ns() - start, int(last))
";

#[derive(Default)]
struct ByHand {
    total: f64,
    count: u32,
}

impl ByHand {
    fn send(&mut self, term: f64) -> f64 {
        self.total += term;
        self.count += 1;
        self.total / f64::from(self.count)
    }
}

async fn plain(exchange: &Exchange<f64, f64>) {
    let (mut total, mut count, mut average) = (0.0, 0, 0.0);
    loop {
        total += exchange.yield_(average).await;
        count += 1;
        average = total / f64::from(count);
    }
}

async fn full(co: Co<'_, f64, f64>) -> Result<(), Raised> {
    let (mut total, mut count, mut average) = (0.0, 0, 0.0);
    while let Some(term) = co.yield_(average).await? {
        total += term;
        count += 1;
        average = total / f64::from(count);
    }
    Ok(())
}

async fn movable(co: MovableCo<f64, f64>) -> Result<(), Raised> {
    let (mut total, mut count, mut average) = (0.0, 0, 0.0);
    while let Some(term) = co.yield_(average).await? {
        total += term;
        count += 1;
        average = total / f64::from(count);
    }
    Ok(())
}

#[diapause::coroutine(yield = f64, resume = f64)]
fn transformed() {
    let mut total: f64 = 0.0;
    let mut count: u32 = 0;
    let mut average: f64 = 0.0;
    loop {
        let term: f64 = yield_!(average);
        total += term;
        count += 1;
        average = total / f64::from(count);
    }
}

/// Sends 0, 1, 2, … and returns the last average.
///
/// Inlined, as the loop of a user's would be: where it is not, a state that is
/// known to no other code must go through memory, of whichever contender.
#[inline(always)]
fn drive(n: u32, mut send: impl FnMut(f64) -> f64) -> u64 {
    let mut last = 0.0;
    for i in 0..n {
        last = black_box(send(black_box(f64::from(i))));
    }
    last as u64
}

fn main() {
    measure::criterion(averager);
}

fn averager(criterion: &mut Criterion) {
    let mut comparison = Comparison::new(criterion, "averager", 20_000);
    comparison.add("hand", |n| {
        let mut average = ByHand::default();
        drive(n, |term| average.send(term))
    });
    comparison.add("stack", |n| {
        let exchange = Exchange::new();
        let body = pin!(plain(&exchange));
        let (_, mut average) = Fresh::new(&exchange, body).start();
        drive(n, |term| average.send(term).unwrap_or_default())
    });
    comparison.add("coroutine", |n| {
        let mut average = Coroutine::new(full);
        let _first = average.next();
        drive(n, |term| match average.send(term) {
            Step::Yielded(average) => average,
            _ => 0.0,
        })
    });
    comparison.add("movable", |n| {
        let mut average = Movable::new(movable);
        let _first = average.next();
        drive(n, |term| match average.send(term) {
            Step::Yielded(average) => average,
            _ => 0.0,
        })
    });
    comparison.add("diapause", |n| {
        let mut average = transformed();
        let _first = average.start();
        drive(n, |term| match average.resume(term) {
            CoroutineState::Yielded(average) => average,
            CoroutineState::Complete(_) => 0.0,
        })
    });
    comparison.add("genawaiter", |n| {
        let mut average = genawaiter::rc::Gen::new(|co| async move {
            let (mut total, mut count) = (0.0, 0);
            let mut average = 0.0;
            loop {
                let term: f64 = co.yield_(average).await;
                total += term;
                count += 1;
                average = total / f64::from(count);
            }
        });
        average.resume_with(0.0);
        drive(n, |term| match average.resume_with(term) {
            GeneratorState::Yielded(average) => average,
            GeneratorState::Complete(()) => 0.0,
        })
    });
    comparison.add("corosensei", |n| {
        let mut average = corosensei::Coroutine::new(
            move |yielder: &corosensei::Yielder<f64, f64>, first: f64| {
                let (mut total, mut count) = (first * 0.0, 0);
                let mut average = 0.0;
                for _ in 0..=n {
                    total += yielder.suspend(average);
                    count += 1;
                    average = total / f64::from(count);
                }
            },
        );
        average.resume(0.0);
        drive(n, |term| {
            average.resume(term).as_yield().unwrap_or_default()
        })
    });
    comparison.python("cpython", PYTHON);
}
