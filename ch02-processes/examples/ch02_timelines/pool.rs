//! Two worker processes, each of which is replaced after its third job.

use std::error::Error;
use std::ffi::OsString;
use std::sync::Mutex;
use std::thread;

use ch02_processes::pool::cli::own_worker;
use ch02_processes::pool::input::Job;
use ch02_processes::pool::process::Process;

use crate::trace::Trace;

const RECYCLE: usize = 3;

/// Primes that take a worker some ten milliseconds and more.
const NUMBERS: [u64; 12] = [
    5_000_000_000_053,
    500_000_000_023,
    9_000_000_000_059,
    2_000_000_000_003,
    700_000_000_009,
    6_000_000_000_023,
    1_000_000_000_039,
    8_000_000_000_009,
    3_000_000_000_013,
    900_000_000_013,
    4_000_000_000_039,
    7_000_000_000_009,
];

pub fn run(trace: &Trace) -> Result<(), Box<dyn Error>> {
    let words = own_worker()?;
    // Half of the jobs for each, so that every worker has some, and a reader
    // can count to three.
    let (first, second) = NUMBERS.split_at(NUMBERS.len() / 2);
    let failed = Mutex::new(None);
    thread::scope(|scope| {
        for (number, jobs) in [(1, first), (2, second)] {
            let (words, failed) = (&words, &failed);
            scope.spawn(move || {
                if let Err(why) = work(trace, words, number, jobs) {
                    *failed.lock().expect("nobody panics") = Some(why);
                }
            });
        }
    });
    match failed.into_inner()? {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}

/// What a worker's thread does, without the faults.
fn work(
    trace: &Trace,
    words: &[OsString],
    number: u16,
    jobs: &[u64],
) -> Result<(), String> {
    let lane = format!("worker-{number}");
    for (i, jobs) in jobs.chunks(RECYCLE).enumerate() {
        trace.tell(&lane, "waits", if i == 0 { "starts" } else { "restarts" });
        let (mut process, _waker) = Process::start(number, words, None)?;
        for n in jobs {
            trace.tell(&lane, "runs", &format!("tests {n}"));
            let (id, input) = (*n, n.to_string());
            process
                .call(&Job { id, input }, None)
                .map_err(|fault| format!("{fault:?}"))??;
        }
        trace.tell(&lane, "waits", "for its end");
        process.finish().map_err(|fault| format!("{fault:?}"))?;
    }
    trace.tell(&lane, "ends", "");
    Ok(())
}
