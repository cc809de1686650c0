//! Processes as Linux lists them: each one's parent, and whether it exists.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Returns the children of `parent` with their state letters.
pub fn children(parent: u32) -> Vec<(u32, char)> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let stat = fs::read_to_string(entry.path().join("stat"));
        let stat = stat.unwrap_or_default();
        // The name is in brackets and may contain anything.
        let Some((_, rest)) = stat.rsplit_once(") ") else {
            continue;
        };
        let mut words = rest.split(' ');
        let state = words.next().unwrap().chars().next().unwrap();
        if words.next().unwrap() == parent.to_string() {
            let id = entry.file_name().to_str().unwrap().parse();
            found.push((id.unwrap(), state));
        }
    }
    found
}

/// Tells whether a process exists and has not ended.
pub fn runs(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.contains(") Z "))
}

/// Polls `seen` until it returns a value.
pub fn until<T>(seen: impl FnMut() -> Option<T>) -> T {
    within(Duration::from_secs(20), seen)
}

/// Polls `seen` for at most `limit`.
pub fn within<T>(limit: Duration, mut seen: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = seen() {
            return found;
        }
        assert!(Instant::now() < deadline, "it does not happen");
        thread::yield_now();
    }
}

/// Sends a signal to a process.
pub fn signal(id: u32, signal: Signal) {
    let id = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}
