//! A system that has no thread left is an error, not a panic.

#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn too_few_threads_are_one_line_and_status_1() {
    // 256 MB of addresses are too few for 500 stacks of 2 MiB.
    let run = Command::new("sh")
        .args(["-c", "ulimit -v 256000; exec \"$0\" too-many --threads 500"])
        .arg(env!("CARGO_BIN_EXE_ch01-threads"))
        // glibc would set aside far more addresses for each thread's malloc.
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: only "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}
