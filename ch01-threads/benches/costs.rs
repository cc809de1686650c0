//! What the small things cost: a thread, a message, a lock, an atomic.
//!
//! cargo bench -p ch01-threads --bench costs

mod record;

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use record::Row;

fn main() {
    let (scale, rounds) = if record::is_wanted() {
        (100, 9)
    } else {
        (1, 1)
    };
    type Case = (&'static str, &'static str, u32, fn(u32));
    #[rustfmt::skip]
    let cases: [Case; 6] = [
        ("fetch_add", "fetch_add, alone", 10_000, fetch_add),
        ("lock", "a lock that nobody wants", 10_000, |n| lock(n, 1)),
        ("contended", "a lock that two threads want", 10_000, |n| lock(n, 2)),
        ("send", "a message to a thread that takes many", 10_000, stream),
        ("ping", "a message to a thread that waits for it", 100, ping),
        ("spawn", "a thread, from spawn to join", 50, spawn),
    ];
    let mut rows = cases.map(|(key, label, ..)| Row::new(key, label));
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (row, (_, _, times, work)) in rows.iter_mut().zip(cases) {
            let times = times * scale;
            let took: Duration = record::time(|| work(times));
            row.push(took.as_secs_f64() * 1e9 / f64::from(times));
        }
    }
    if record::is_wanted() {
        let what = format!("One of each; the median of {rounds} rounds");
        record::print(&what, "costs", "ns", None, &rows);
    } else {
        // True on any machine, in any build.
        assert!(rows[1].ratio(&rows[5]) < 1.0, "a lock beats a thread");
    }
}

fn fetch_add(times: u32) {
    let counter = AtomicU64::new(0);
    for _ in 0..times {
        black_box(counter.fetch_add(1, Ordering::Relaxed));
    }
}

/// Takes a lock so many times in all, divided among the threads.
fn lock(times: u32, threads: u32) {
    let counter = Mutex::new(0_u64);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..times / threads {
                    *black_box(&counter).lock().expect("no panic") += 1;
                }
            });
        }
    });
}

fn stream(times: u32) {
    let (tx, rx) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in rx {
                black_box::<u32>(n);
            }
        });
        (0..times).for_each(|n| tx.send(n).expect("the other end is there"));
        drop(tx);
    });
}

/// Sends and waits for the answer: each message wakes somebody.
fn ping(times: u32) {
    let (tx, there) = mpsc::channel();
    let (back, rx) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            there.into_iter().for_each(|n: u32| {
                back.send(n).expect("the other end is there");
            });
        });
        for n in 0..times / 2 {
            tx.send(n).expect("the other end is there");
            rx.recv().expect("the other end answers");
        }
        drop(tx);
    });
}

fn spawn(times: u32) {
    for n in 0..times {
        let thread = thread::spawn(move || black_box(n));
        thread.join().expect("no panic");
    }
}
