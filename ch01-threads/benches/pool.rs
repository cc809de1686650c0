//! What a job costs: in the chapter's pool, in rayon's, and with a thread of
//! its own.
//!
//! cargo bench -p ch01-threads --bench pool

use std::hint::black_box;
use std::sync::mpsc;
use std::thread;

use ch01_threads::numbers::is_prime;
use ch01_threads::thread_pool::Pool;
use criterion::{Criterion, Throughput};

const WORKERS: usize = 2;
/// How many jobs at a time: the bench joins all of them, then goes on.
const JOBS: usize = 1000;

fn main() {
    measure::criterion(pool);
}

fn pool(criterion: &mut Criterion) {
    let own = Pool::new(WORKERS).expect("the system has two threads");
    let rayon = rayon::ThreadPoolBuilder::new()
        .num_threads(WORKERS)
        .build()
        .expect("the system has two more");
    // About two microseconds.
    let small = || is_prime(black_box(1_000_003));
    let mut group = criterion.benchmark_group("pool");
    group.throughput(Throughput::Elements(JOBS as u64));
    group.bench_function("rayon", |bencher| {
        bencher.iter(|| {
            let (tx, rx) = mpsc::channel();
            rayon.in_place_scope(|scope| {
                for _ in 0..JOBS {
                    let tx = tx.clone();
                    scope.spawn(move |_| {
                        tx.send(small()).expect("the other end is there");
                    });
                }
            });
            drop(tx);
            assert_eq!(rx.iter().count(), JOBS);
        });
    });
    group.bench_function("pool", |bencher| {
        bencher.iter(|| submit_and_join(&own, small));
    });
    group.bench_function("rayon-empty", |bencher| {
        bencher.iter(|| {
            rayon.in_place_scope(|scope| {
                (0..JOBS).for_each(|_| scope.spawn(|_| ()));
            });
        });
    });
    group.bench_function("pool-empty", |bencher| {
        bencher.iter(|| submit_and_join(&own, || true));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("thread", |bencher| {
        bencher.iter(|| {
            let job = thread::spawn(small);
            job.join().expect("the job does not panic")
        });
    });
    group.finish();
}

fn submit_and_join(
    pool: &Pool,
    work: impl Fn() -> bool + Copy + Send + 'static,
) {
    let handles: Vec<_> = (0..JOBS).map(|_| pool.submit(work)).collect();
    for handle in handles {
        handle.join().expect("the job does not panic");
    }
}
