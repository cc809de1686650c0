//! What a job costs: in the chapter's pool, in rayon's, and with a thread of
//! its own.
//!
//! cargo bench -p ch01-threads --bench pool

mod record;

use std::hint::black_box;
use std::sync::mpsc;
use std::thread;

use ch01_threads::numbers::is_prime;
use ch01_threads::pool::Pool;
use record::Row;

const WORKERS: usize = 2;

fn main() {
    let (jobs, rounds) = if record::is_wanted() {
        (100_000, 5)
    } else {
        (1000, 1)
    };
    let own = Pool::new(WORKERS).expect("the system has two threads");
    let rayon = rayon::ThreadPoolBuilder::new()
        .num_threads(WORKERS)
        .build()
        .expect("the system has two more");
    let mut rows = [
        Row::new("rayon", "rayon, spawn, a channel for the results"),
        Row::new("pool", "the pool, submit and join"),
        Row::new("rayon-empty", "rayon, jobs without work or result"),
        Row::new("pool-empty", "the pool, jobs without work"),
        Row::new("thread", "a thread for each"),
    ];
    // About two microseconds.
    let small = || is_prime(black_box(1_000_003));
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let ways: [&dyn Fn(); 5] = [
            &|| {
                let (tx, rx) = mpsc::channel();
                rayon.in_place_scope(|scope| {
                    for _ in 0..jobs {
                        let tx = tx.clone();
                        scope.spawn(move |_| {
                            tx.send(small()).expect("somebody listens");
                        });
                    }
                });
                drop(tx);
                assert_eq!(rx.iter().count(), jobs);
            },
            &|| submit_and_join(&own, jobs, small),
            &|| {
                rayon.in_place_scope(|scope| {
                    (0..jobs).for_each(|_| scope.spawn(|_| ()));
                });
            },
            &|| submit_and_join(&own, jobs, || true),
            &|| {
                for _ in 0..jobs {
                    let job = thread::spawn(small);
                    job.join().expect("the job does not panic");
                }
            },
        ];
        for (row, way) in rows.iter_mut().zip(ways) {
            row.push(record::time(way).as_secs_f64() * 1e3);
        }
    }
    if record::is_wanted() {
        let what = format!(
            "{jobs} jobs of about 2 µs by {WORKERS} workers; the last row \
             starts and joins a thread {jobs} times; the median of {rounds} \
             rounds"
        );
        record::print(&what, "pool", "ms", Some("rayon"), &rows);
    } else {
        // True on any machine, in any build.
        assert!(rows[1].ratio(&rows[4]) < 1.0, "the pool beats threads");
    }
}

fn submit_and_join(
    pool: &Pool,
    jobs: usize,
    work: impl Fn() -> bool + Copy + Send + 'static,
) {
    let handles: Vec<_> = (0..jobs).map(|_| pool.submit(work)).collect();
    for handle in handles {
        handle.join().expect("the job does not panic");
    }
}
