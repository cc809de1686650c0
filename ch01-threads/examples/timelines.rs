//! Runs sections of this chapter and records their timelines.
//!
//! cargo run -p ch01-threads --example ch01_timelines -- locked

use std::error::Error;
use std::process::ExitCode;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use ch01_threads::animals::Pace;
use ch01_threads::thread_pool::Pool;
use ch01_threads::{animals, garbled, locked, spinner};
use timeline::{Clock, record};
use tracing::{trace, trace_span};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    record(Clock::Real);
    match std::env::args().nth(1).unwrap_or_default().as_str() {
        "animals" => animals::demo(Pace::default())?,
        "garbled" => garbled::demo(Pace::default())?,
        "locked" => locked::demo(Pace::default())?,
        "thread-pool" => nine_jobs()?,
        "spinner" => spinner::demo(spinner::slow)?,
        other => {
            eprintln!("error: no timeline `{other}`");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Nine jobs for three workers. The first three wait for each other, so that
/// every worker has one.
fn nine_jobs() -> Result<(), Box<dyn Error>> {
    let jobs = [40, 90, 60, 70, 30, 50, 80, 20, 40].into_iter().enumerate();
    let first = Barrier::new(3);
    let pool = Pool::new(3)?;
    let _waits = trace_span!("waits", "for the results, in order").entered();
    let results = pool.map(jobs, move |(i, time)| {
        // In the lane that has the worker's name.
        let _runs = trace_span!("runs", "job {i}").entered();
        if i < 3 {
            first.wait();
        }
        thread::sleep(Duration::from_millis(time));
    });
    for (i, result) in results.enumerate() {
        result?;
        trace!(lane = "main", "result {i}");
    }
    pool.finish();
    Ok(())
}
