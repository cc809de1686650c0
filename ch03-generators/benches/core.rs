//! One value sent to a body that waits, by criterion.
//!
//! cargo bench -p ch03-generators --bench core

use std::hint::black_box;
use std::pin::pin;

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use ch03_generators::send::{Airlock, Fresh};
use criterion::{Criterion, criterion_group};

async fn plain(airlock: &Airlock<f64, f64>) {
    let mut total = 0.0;
    loop {
        total += airlock.yield_(total).await;
    }
}

async fn full(co: Co<'_, f64, f64>) -> Result<(), Raised> {
    let mut total = 0.0;
    while let Some(term) = co.yield_(total).await? {
        total += term;
    }
    Ok(())
}

fn send(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("send");
    group.bench_function("by hand", |b| {
        let mut total = 0.0;
        b.iter(|| {
            total += black_box(1.0);
            total
        });
    });
    group.bench_function("airlock", |b| {
        let airlock = Airlock::new();
        let body = pin!(plain(&airlock));
        let (_, mut sum) = Fresh::new(&airlock, body).start();
        b.iter(|| sum.send(black_box(1.0)));
    });
    group.bench_function("coroutine", |b| {
        let mut sum = Coroutine::new(full);
        let _first = sum.next();
        b.iter(|| sum.send(black_box(1.0)));
    });
    group.bench_function("genawaiter", |b| {
        let mut sum = genawaiter::rc::Gen::new(|co| async move {
            let mut total = 0.0;
            loop {
                let term: f64 = co.yield_(total).await;
                total += term;
            }
        });
        sum.resume_with(0.0);
        b.iter(|| sum.resume_with(black_box(1.0)));
    });
    group.finish();
}

criterion_group!(benches, send);

fn main() {
    // Where a tool is missing, `cargo test` is told to skip the tests that need
    // it, and tells everybody. criterion knows no such word, and has no tests.
    if std::env::args().all(|word| word != "--skip") {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}
