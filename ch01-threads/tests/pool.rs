//! The pool at its limits: panics, all workers at once, a full queue.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use ch01_threads::pool_handles::{Unfinished, as_completed};
use ch01_threads::thread_pool::{JobError, JobHandle, Pool};

const LIMIT: Duration = Duration::from_secs(20);

/// Fails a test that hangs: the failure that these tests look for.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(work()));
    rx.recv_timeout(LIMIT).expect("ends")
}

/// Counts the threads that a pool has started, by a value in each.
///
/// A worker's locals are dropped before it is joined.
#[test]
fn no_worker_outlives_its_pool() {
    struct Alive(Arc<AtomicUsize>);
    impl Drop for Alive {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    thread_local! {
        static ALIVE: std::cell::RefCell<Option<Alive>> =
            const { std::cell::RefCell::new(None) };
    }
    in_time(|| {
        let alive = Arc::new(AtomicUsize::new(0));
        let pool = Pool::new(4).unwrap();
        let met = Arc::new(Barrier::new(4));
        let handles: Vec<_> = (0..4)
            .map(|_| {
                let (alive, met) = (Arc::clone(&alive), Arc::clone(&met));
                pool.submit(move || {
                    alive.fetch_add(1, Ordering::SeqCst);
                    ALIVE.with(|a| *a.borrow_mut() = Some(Alive(alive)));
                    met.wait();
                })
            })
            .collect();
        handles.into_iter().for_each(|h| h.join().unwrap());
        assert_eq!(alive.load(Ordering::SeqCst), 4);
        drop(pool);
        assert_eq!(alive.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn twenty_panics_among_two_thousand_jobs_cost_twenty_results() {
    let panicked: Vec<u64> = in_time(|| {
        let pool = Pool::new(4).unwrap();
        let handles: Vec<_> = (0..2000)
            .map(|n| pool.submit(move || assert!(n % 100 != 7, "job {n}")))
            .collect();
        let panicked = |handle: JobHandle<()>| {
            let id = handle.id();
            let error = handle.join().err()?;
            assert_eq!(error, JobError::Panicked(format!("job {id}")));
            Some(id)
        };
        handles.into_iter().filter_map(panicked).collect()
    });
    assert_eq!(panicked, (7..2000).step_by(100).collect::<Vec<_>>());
}

#[test]
fn all_workers_may_panic_at_once_and_the_pool_works_on() {
    let answer = in_time(|| {
        let pool = Pool::new(4).unwrap();
        let together = Arc::new(Barrier::new(4));
        let panics: Vec<JobHandle<()>> = (0..4)
            .map(|_| {
                let together = Arc::clone(&together);
                pool.submit(move || {
                    together.wait();
                    panic!("together");
                })
            })
            .collect();
        for handle in panics {
            let outcome = handle.join();
            let message = "together".to_string();
            assert_eq!(outcome, Err(JobError::Panicked(message)));
        }
        pool.submit(|| 42).join()
    });
    assert_eq!(answer, Ok(42));
}

#[test]
fn a_dropped_pool_has_run_or_cancelled_every_job() {
    let (done, cancelled) = in_time(|| {
        let pool = Pool::new(4).unwrap();
        let run = Arc::new(AtomicUsize::new(0));
        let handles: Vec<_> = (0..10_000)
            .map(|_| {
                let run = Arc::clone(&run);
                pool.submit(move || {
                    thread::sleep(Duration::from_millis(1));
                    run.fetch_add(1, Ordering::SeqCst);
                })
            })
            .collect();
        drop(pool);
        let outcomes = handles.into_iter().map(JobHandle::join);
        let cancelled = outcomes
            .filter(|outcome| *outcome == Err(JobError::Cancelled))
            .count();
        (run.load(Ordering::SeqCst), cancelled)
    });
    assert_eq!(done + cancelled, 10_000);
    assert!(cancelled > 0);
}

#[test]
fn a_finished_pool_has_run_every_job() {
    let results: Vec<_> = in_time(|| {
        let pool = Pool::new(3).unwrap();
        let handles: Vec<_> =
            (0..500).map(|n| pool.submit(move || n)).collect();
        pool.finish();
        handles.into_iter().map(JobHandle::join).collect()
    });
    assert_eq!(results, (0..500).map(Ok).collect::<Vec<_>>());
}

#[test]
fn a_panicking_callback_costs_nobody_a_worker() {
    in_time(|| {
        let pool = Pool::new(1).unwrap();
        let (go, gate) = mpsc::channel::<()>();
        let handle = pool.submit(move || gate.recv().is_err());
        handle.on_done(|| panic!("callback"));
        drop(go);
        assert_eq!(handle.join(), Ok(true));
        assert_eq!(pool.submit(|| 1).join(), Ok(1));
    });
}

#[test]
fn no_jobs_are_completed_at_once() {
    let none = as_completed::<()>(Vec::new(), Duration::ZERO);
    assert_eq!(none.count(), 0);
}

#[test]
fn the_deadline_is_for_all_jobs_together() {
    in_time(|| {
        let pool = Pool::new(2).unwrap();
        let (go, gate) = mpsc::channel::<()>();
        let stuck = pool.submit(move || gate.recv().is_err());
        let quick = pool.submit(|| true);
        while !quick.is_done() {
            thread::yield_now();
        }
        let limit = Duration::from_millis(50);
        let items: Vec<_> = as_completed(vec![stuck, quick], limit).collect();
        assert_eq!(items, [Ok((1, Ok(true))), Err(Unfinished(1))]);
        drop(go);
    });
}
