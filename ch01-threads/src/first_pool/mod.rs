//! A first thread pool: a channel of jobs, then results and panics.
//!
//! Stage one runs jobs. Stage two returns their results, and a panic in a job
//! does not end its worker.
//!
//! cargo run -p ch01-threads -- first-pool

pub mod jobs;
pub mod results;

use std::sync::mpsc;

/// Runs a job that panics and two that do not, with one worker in each pool.
pub fn demo() {
    let (tell, told) = mpsc::channel();
    let pool = jobs::Pool::new(1);
    for n in [0_u32, 2, 5] {
        let tell = tell.clone();
        pool.submit(move || tell.send(10 / n).expect("main receives"));
    }
    drop((pool, tell));
    println!("stage one: {:?}", told.iter().collect::<Vec<_>>());

    let pool = results::Pool::new(1);
    let answers = [0_u32, 2, 5].map(|n| pool.submit(move || 10 / n));
    let results = answers.map(|answer| {
        let result = answer.recv().expect("each job answers");
        result.map_err(|_| "panicked")
    });
    println!("stage two: {results:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_pool_has_run_every_job() {
        let (tell, told) = mpsc::channel();
        let first = jobs::Pool::new(2);
        let second = results::Pool::new(2);
        for n in 0..50 {
            let (left, right) = (tell.clone(), tell.clone());
            first.submit(move || left.send(n).unwrap());
            second.submit(move || right.send(n).unwrap());
        }
        drop((first, second, tell));
        assert_eq!(told.iter().count(), 100);
    }

    #[test]
    fn a_panic_costs_a_worker_in_stage_one_only() {
        let first = jobs::Pool::new(1);
        first.submit(|| panic!("stage one"));
        let (tell, told) = mpsc::channel();
        first.submit(move || tell.send(()).unwrap());
        drop(first);
        assert!(told.recv().is_err());

        let second = results::Pool::new(1);
        assert!(
            second
                .submit::<()>(|| panic!("stage two"))
                .recv()
                .unwrap()
                .is_err()
        );
        assert_eq!(second.submit(|| 1).recv().unwrap().unwrap(), 1);
    }
}
