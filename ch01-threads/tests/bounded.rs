//! A bounded channel keeps the process small.

#![cfg(target_os = "linux")]

use std::fs;

use ch01_threads::bounded_channel::send_through;

#[test]
fn a_gigabyte_passes_through_64_mib() {
    assert_eq!(send_through(1_000_000), 1_000_000 * 1024);

    // The most memory that this process ever had, in KiB.
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    let peak: u64 = number.unwrap().parse().unwrap();
    assert!(peak < 64 * 1024, "{peak} KiB");
}
