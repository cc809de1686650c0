//! A killed child is a zombie until its parent asks how it ended.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ch02_processes::kill;

/// Returns the state letter of a process, `None` if there is no such process.
fn state(id: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it is in brackets and may contain anything.
    stat.rsplit_once(") ")?.1.chars().next()
}

#[test]
fn a_dead_child_is_a_zombie_until_it_is_waited_for() {
    let program = Path::new(env!("CARGO_BIN_EXE_ch02-processes"));
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("lock");
    let mut child = kill::start(program, "--deaf-child", &lock).unwrap();
    child.kill().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while state(child.id()) != Some('Z') {
        assert!(Instant::now() < deadline, "{:?}", state(child.id()));
        std::thread::yield_now();
    }
    let id = child.id();
    child.wait().unwrap();
    assert_eq!(state(id), None);
    assert!(lock.exists(), "a killed child drops no value");
}
