//! What a bounded channel is for: the process stays small.

#![cfg(target_os = "linux")]

use std::fs;

use ch01_threads::bounded_channel::pour;

#[test]
fn a_gigabyte_pass_through_sixty_four() {
    assert_eq!(pour(1_000_000), 1_000_000 * 1024);

    // The most memory that this process ever had, in KiB.
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    let peak: u64 = number.unwrap().parse().unwrap();
    assert!(peak < 64 * 1024, "{peak} KiB");
}
