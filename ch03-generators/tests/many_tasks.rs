//! A hundred thousand tasks come and go; alone in its process, whose memory is
//! measured.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use ch03_generators::kernel::Scheduler;
use rustix::time::{ClockId, clock_gettime};

/// Returns the bytes of memory that this process has in use.
fn resident() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages: usize = statm
        .split(' ')
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("pages");
    pages * 4096
}

#[test]
fn a_hundred_thousand_tasks_leave_nothing_behind() {
    let mut scheduler = Scheduler::new().unwrap();
    scheduler.spawn(|os| async move {
        for _ in 0..100_000 {
            os.spawn(|os| async move { os.pause().await }).await?;
        }
        Ok(())
    });
    scheduler.run().unwrap();
    assert_eq!(scheduler.load(), (0, 0));
    // Of the processor's time, not of the day's: others may run, too.
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let used = Duration::try_from(used).unwrap();
    assert!(used <= Duration::from_secs(5), "{used:?}");
    assert!(resident() <= 64 << 20, "{} bytes", resident());
}
