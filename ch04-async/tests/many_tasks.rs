//! Ten thousand tasks that sleep, on the real clock: in a program of its own,
//! because its memory is weighed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time;

const TASKS: u32 = 10_000;
const SLEEP: Duration = Duration::from_millis(10);

#[tokio::test]
async fn ten_thousand_sleepers_wait_together_in_little_memory() {
    let start = Instant::now();
    let mut tasks: JoinSet<_> =
        (0..TASKS).map(|_| time::sleep(SLEEP)).collect();
    let mut awake = 0;
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
        awake += 1;
    }
    assert_eq!(awake, TASKS);
    // One after the other they would take a hundred seconds.
    assert!(start.elapsed() < SLEEP * TASKS / 10);
    if cfg!(target_os = "linux") {
        assert!(peak_memory() <= 100 << 20);
    }
}

/// Returns the most memory that this process ever had, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.unwrap().trim().strip_suffix(" kB").unwrap();
    kib.parse::<u64>().unwrap() << 10
}
