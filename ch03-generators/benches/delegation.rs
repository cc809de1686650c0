//! What one resume costs at a depth: delegation by frames, and by objects.
//!
//! cargo bench -p ch03-generators --bench delegation

mod record;

use std::hint::black_box;

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use record::{Case, compete, lap};

const PYTHON: &str = "
import sys, time
sys.setrecursionlimit(100_000)
def dive(depth):
    if depth:
        yield from dive(depth - 1)
    n = 0
    while True:
        yield n
        n += 1
items = int(sys.argv[1]) // 10
numbers = dive(1000)
next(numbers)
start = time.perf_counter_ns()
for _ in range(items):
    last = next(numbers)
print((time.perf_counter_ns() - start) * 10, last)
";

async fn by_frames(co: Co<'_, u64>, depth: u32) -> Result<(), Raised> {
    if depth > 0 {
        return co.delegate(|co| by_frames(co, depth - 1)).await;
    }
    for n in 0.. {
        co.yield_(n).await?;
    }
    Ok(())
}

async fn by_objects(co: Co<'_, u64>, depth: u32) -> Result<(), Raised> {
    if depth > 0 {
        let inner = Coroutine::new(|co| by_objects(co, depth - 1));
        return co.yield_from(inner).await;
    }
    for n in 0.. {
        co.yield_(n).await?;
    }
    Ok(())
}

fn by_genawaiter(depth: u32) -> Box<dyn Iterator<Item = u64>> {
    let numbers = genawaiter::rc::Gen::new(move |co| async move {
        if depth > 0 {
            for n in by_genawaiter(depth - 1) {
                co.yield_(n).await;
            }
        }
        for n in 0.. {
            co.yield_(n).await;
        }
    });
    Box::new(numbers.into_iter())
}

#[diapause::coroutine(yield = u64)]
fn by_diapause(depth: u32) {
    if depth > 0 {
        yield_all!(box by_diapause(depth - 1));
    }
    let mut n: u64 = 0;
    loop {
        yield_!(n);
        n += 1;
    }
}

fn main() {
    let mut cases = Vec::new();
    for depth in [1, 0, 10, 100, 1000, 10_000] {
        let label = format!("delegate, depth {depth}");
        cases.push(Case::new(format!("frames-{depth}"), label, move |n| {
            let mut numbers = Coroutine::new(|co| by_frames(co, depth));
            black_box(numbers.next().yielded().unwrap_or_default());
            lap(n, || {
                let mut last = 0;
                for _ in 0..n {
                    last =
                        black_box(numbers.next()).yielded().unwrap_or_default();
                }
                last
            })
        }));
    }
    for depth in [1, 10, 100, 1000] {
        let n_of = move |n: u32| (n / (depth + 1)).max(1);
        let label = format!("yield_from, depth {depth}");
        cases.push(Case::new(format!("objects-{depth}"), label, move |n| {
            let mut numbers = Coroutine::new(|co| by_objects(co, depth));
            black_box(numbers.next().yielded().unwrap_or_default());
            let n = n_of(n);
            lap(n, || {
                let mut last = 0;
                for _ in 0..n {
                    last =
                        black_box(numbers.next()).yielded().unwrap_or_default();
                }
                last
            })
        }));
        let label = format!("genawaiter, depth {depth}");
        cases.push(Case::new(format!("genawaiter-{depth}"), label, move |n| {
            let mut numbers = by_genawaiter(depth);
            black_box(numbers.next());
            let n = n_of(n);
            lap(n, || {
                let numbers = numbers.by_ref().take(n as usize);
                numbers.map(black_box).last().unwrap_or_default()
            })
        }));
        let label = format!("diapause, depth {depth}");
        cases.push(Case::new(format!("diapause-{depth}"), label, move |n| {
            use diapause::{Coroutine, CoroutineState};
            let mut numbers = by_diapause(depth);
            let _first = numbers.start();
            let n = n_of(n);
            lap(n, || {
                let mut last = 0;
                for _ in 0..n {
                    if let CoroutineState::Yielded(n) = numbers.resume(()) {
                        last = black_box(n);
                    }
                }
                last
            })
        }));
    }
    cases.push(Case::python("cpython-1000", "CPython, depth 1000", PYTHON));
    let what = "one resume of the innermost of so many generators";
    compete("delegation", what, (50_000, 51), cases);
}
