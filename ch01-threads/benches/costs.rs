//! What the small things cost: a thread, a message, a lock, an atomic.
//!
//! cargo bench -p ch01-threads --bench costs

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;

use criterion::{Criterion, Throughput};
use measure::time;

fn main() {
    measure::criterion(costs);
}

fn costs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("costs");
    group.bench_function("fetch_add", |bencher| {
        let counter = AtomicU64::new(0);
        bencher.iter(|| counter.fetch_add(1, Ordering::Relaxed));
    });
    group.bench_function("lock", |bencher| {
        let counter = Mutex::new(0_u64);
        bencher.iter(|| *counter.lock().expect("no panic") += 1);
    });
    group.bench_function("send", |bencher| {
        bencher.iter_custom(|times| time(|| stream(times)));
    });
    group.bench_function("spawn", |bencher| {
        bencher.iter(|| thread::spawn(|| ()).join().expect("no panic"));
    });
    // Two in each iteration: one for each thread, or one each way.
    group.throughput(Throughput::Elements(2));
    group.bench_function("contended", |bencher| {
        bencher.iter_custom(|times| time(|| contend(times)));
    });
    group.bench_function("ping", |bencher| {
        bencher.iter_custom(|times| time(|| ping(times)));
    });
    group.finish();
}

/// Two threads take the same lock, each `times` times.
fn contend(times: u64) {
    let counter = Mutex::new(0_u64);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..times {
                    *black_box(&counter).lock().expect("no panic") += 1;
                }
            });
        }
    });
}

/// Sends without waiting for the receiver.
fn stream(times: u64) {
    let (tx, rx) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in rx {
                black_box::<u64>(n);
            }
        });
        (0..times).for_each(|n| tx.send(n).expect("the other end is there"));
        drop(tx);
    });
}

/// Sends and waits for the answer: each message wakes a thread.
fn ping(times: u64) {
    let (tx, there) = mpsc::channel();
    let (back, rx) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            there.into_iter().for_each(|n: u64| {
                back.send(n).expect("the other end is there");
            });
        });
        for n in 0..times {
            tx.send(n).expect("the other end is there");
            rx.recv().expect("the other end answers");
        }
        drop(tx);
    });
}
