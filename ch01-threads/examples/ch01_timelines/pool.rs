//! Nine jobs for three workers; the first three wait for each other, so that
//! every worker has one.

use std::error::Error;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use ch01_threads::pool::Pool;

use crate::trace::Trace;

/// How long the jobs take, in milliseconds.
const JOBS: [u64; 9] = [40, 90, 60, 70, 30, 50, 80, 20, 40];

pub fn run(trace: &Arc<Trace>) -> Result<(), Box<dyn Error>> {
    let pool = Pool::new(3)?;
    let first = Arc::new(Barrier::new(3));
    trace.tell("main", "waits", "for the results, in their order");
    // Jobs may outlive whoever submits them.
    let shared = Arc::clone(trace);
    let jobs = JOBS.into_iter().enumerate();
    let results = pool.map(jobs, move |(i, time)| {
        let worker = thread::current();
        let worker = worker.name().unwrap_or_default();
        shared.tell(worker, "runs", &format!("job {i}"));
        if i < 3 {
            first.wait();
        }
        thread::sleep(Duration::from_millis(time));
        shared.tell(worker, "ends", "");
    });
    for (i, result) in results.enumerate() {
        result?;
        trace.tell("main", "mark", &format!("result {i}"));
    }
    pool.finish();
    trace.tell("main", "ends", "");
    Ok(())
}
