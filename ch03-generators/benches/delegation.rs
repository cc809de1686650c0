//! What one resume costs at a depth: delegation by frames, and by objects.
//!
//! cargo bench -p ch03-generators --bench delegation

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use criterion::Criterion;
use measure::Python;

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
items = int(sys.argv[1]) * int(sys.argv[2])
numbers = dive(1000)
next(numbers)
start = time.perf_counter_ns()
for _ in range(items):
    last = next(numbers)
print(time.perf_counter_ns() - start, last)
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
    measure::criterion(delegation);
}

fn delegation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("delegation");
    for depth in [1, 0, 10, 100, 1000, 10_000] {
        group.bench_function(format!("frames-{depth}"), |bencher| {
            let mut numbers = Coroutine::new(|co| by_frames(co, depth));
            numbers.next().yielded().expect("there is no end");
            bencher.iter(|| numbers.next().yielded());
        });
    }
    for depth in [1, 10, 100, 1000] {
        group.bench_function(format!("objects-{depth}"), |bencher| {
            let mut numbers = Coroutine::new(|co| by_objects(co, depth));
            numbers.next().yielded().expect("there is no end");
            bencher.iter(|| numbers.next().yielded());
        });
        group.bench_function(format!("genawaiter-{depth}"), |bencher| {
            let mut numbers = by_genawaiter(depth);
            numbers.next().expect("there is no end");
            bencher.iter(|| numbers.next());
        });
        group.bench_function(format!("diapause-{depth}"), |bencher| {
            use diapause::Coroutine;
            let mut numbers = by_diapause(depth);
            let _first = numbers.start();
            bencher.iter(|| numbers.resume(()));
        });
    }
    Python(PYTHON).bench(&mut group, "cpython-1000", 500, 500);
    group.finish();
}
