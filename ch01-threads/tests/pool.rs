//! The pool at its limits: panics, all workers at once, a full queue.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
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
fn panicking_callback_costs_no_worker() {
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

#[test]
fn jobs_of_two_pools_are_all_completed() {
    let mut results: Vec<_> = in_time(|| {
        let pools = [1, 2].map(|_| Pool::new(1).unwrap());
        let jobs = [("a", 0), ("b", 1), ("c", 0), ("d", 1), ("e", 1)];
        let submit =
            |(name, of): (&'static str, usize)| pools[of].submit(move || name);
        as_completed(jobs.map(submit).into(), LIMIT).collect()
    });
    results.sort_by_key(|result| result.as_ref().map(|(place, _)| *place).ok());
    let named = ["a", "b", "c", "d", "e"].into_iter().enumerate();
    let all: Vec<_> = named.map(|(i, name)| Ok((i, Ok(name)))).collect();
    assert_eq!(results, all);
}

#[test]
fn the_deadline_counts_the_unfinished_of_two_pools() {
    in_time(|| {
        let (go, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let pools = [1, 2].map(|_| Pool::new(1).unwrap());
        let stuck = pools.each_ref().map(|pool| {
            let gate = Arc::clone(&gate);
            pool.submit(move || gate.lock().unwrap().recv().is_err())
        });
        let limit = Duration::from_millis(20);
        let items: Vec<_> = as_completed(stuck.into(), limit).collect();
        assert_eq!(items, [Err(Unfinished(2))]);
        drop(go);
    });
}

/// A value whose `Drop` panics; its payload does so again, without end.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic::panic_any(Bomb);
    }
}

/// Runs a job beside this one on a pool of one, and then another one.
fn survives(use_pool: impl FnOnce(&Pool) + Send + 'static) {
    in_time(|| {
        let pool = Pool::new(1).expect("there are threads");
        use_pool(&pool);
        assert_eq!(pool.submit(|| 42).join(), Ok(42));
        pool.finish();
    });
}

#[test]
fn a_result_without_a_handle_whose_drop_panics_costs_no_worker() {
    survives(|pool| {
        let (go, gate) = mpsc::channel::<()>();
        // The handle is gone before there is a result.
        drop(pool.submit(move || {
            gate.recv().ok();
            Bomb
        }));
        drop(go);
    });
}

#[test]
fn a_captured_value_whose_drop_panics_is_the_jobs_panic() {
    survives(|pool| {
        let bomb = Bomb;
        let job = pool.submit(move || drop(bomb));
        assert_eq!(job.join(), Err(JobError::Panicked(String::new())));
    });
}

#[test]
fn a_payload_whose_drop_panics_is_the_jobs_panic() {
    survives(|pool| {
        let job = pool.submit(|| panic::panic_any(Bomb));
        assert_eq!(job.join(), Err(JobError::Panicked(String::new())));
    });
}

#[test]
fn a_callback_whose_payload_panics_when_dropped_costs_no_worker() {
    survives(|pool| {
        let (go, gate) = mpsc::channel::<()>();
        let job = pool.submit(move || gate.recv().is_err());
        job.on_done(|| panic::panic_any(Bomb));
        let (called, all) = mpsc::channel();
        job.on_done(move || called.send(()).unwrap());
        drop(go);
        assert_eq!(job.join(), Ok(true));
        assert_eq!(all.recv(), Ok(()));
    });
}

#[test]
fn a_cancelled_job_whose_drop_panics_costs_no_worker() {
    survives(|pool| {
        let (go, gate) = mpsc::channel::<()>();
        let busy = pool.submit(move || gate.recv().is_err());
        let bomb = Bomb;
        let cancelled = pool.submit(move || drop(bomb));
        assert!(cancelled.cancel());
        drop(go);
        assert_eq!(busy.join(), Ok(true));
    });
}

#[test]
fn a_dropped_pool_tells_every_handle_although_a_job_panics_when_dropped() {
    in_time(|| {
        let pool = Pool::new(1).unwrap();
        let (started, running) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let busy = pool.submit(move || {
            started.send(()).unwrap();
            gate.recv().is_err()
        });
        running.recv().unwrap();
        let queued = [(); 3].map(|()| {
            let bomb = Bomb;
            pool.submit(move || drop(bomb))
        });
        queued[2].on_done(move || drop(go));
        drop(pool);
        let cancelled = [(); 3].map(|()| Err(JobError::Cancelled));
        assert_eq!(queued.map(JobHandle::join), cancelled);
        assert_eq!(busy.join(), Ok(true));
    });
}

#[test]
fn a_job_on_one_worker_can_join_jobs_that_it_submits() {
    fn sum(pool: &Arc<Pool>, to: u64) -> u64 {
        let Some(less) = to.checked_sub(1) else {
            return 0;
        };
        let own = Arc::clone(pool);
        to + pool.submit(move || sum(&own, less)).join().unwrap()
    }
    for workers in [1, 2, 3] {
        let (sums, mapped, failed) = in_time(move || {
            let pool = Arc::new(Pool::new(workers).unwrap());
            let own = Arc::clone(&pool);
            let sums = pool.submit(move || {
                let both = [3, 50].map(|to| {
                    let pool = Arc::clone(&own);
                    own.submit(move || sum(&pool, to))
                });
                // The last one first: what is before it stays queued.
                let [first, last] = both;
                let last = last.join();
                (first.join(), last)
            });
            let own = Arc::clone(&pool);
            let mapped = pool
                .submit(move || own.map(0..5, |n| n * n).collect::<Vec<_>>());
            let own = Arc::clone(&pool);
            let failed = pool.submit(move || {
                own.submit(|| -> u8 { panic!("inner") }).join()
            });
            (sums.join(), mapped.join(), failed.join())
        });
        assert_eq!(sums, Ok((Ok(6), Ok(1275))));
        assert_eq!(mapped, Ok((0..5).map(|n| Ok(n * n)).collect()));
        let inner = JobError::Panicked("inner".to_string());
        assert_eq!(failed, Ok(Err(inner)));
    }
}

#[test]
fn a_job_runs_in_a_worker_and_not_in_a_thread_that_joins_it() {
    in_time(|| {
        let pool = Pool::new(1).unwrap();
        let job = pool.submit(|| thread::current().name().map(str::to_string));
        assert_eq!(job.join(), Ok(Some("worker-0".to_string())));
    });
}

#[test]
fn a_job_can_end_its_own_pool() {
    for finishes in [true, false] {
        in_time(move || {
            let pool = Arc::new(Pool::new(2).unwrap());
            let (go, gate) = mpsc::channel::<()>();
            let own = Arc::clone(&pool);
            let last = pool.submit(move || {
                gate.recv().ok();
                let queued = own.submit(|| 1);
                let own = Arc::into_inner(own).unwrap();
                if finishes {
                    own.finish();
                } else {
                    drop(own);
                }
                queued
            });
            drop(pool);
            drop(go);
            let queued = last.join().unwrap().join();
            if finishes {
                assert_eq!(queued, Ok(1));
            } else {
                assert!([Ok(1), Err(JobError::Cancelled)].contains(&queued));
            }
        });
    }
}
