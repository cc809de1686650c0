//! No child outlives its parent, however the parent ends and whatever the child
//! is doing.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers may what tests may")]

mod family;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use family::{children, runs, signal, until, within};
use rustix::process::Signal;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

/// A prime that keeps a worker busy for minutes, in any build.
const LONG: &str = "18446744073709551557";

/// The time within which a parent's processes must have ended.
const SOON: Duration = Duration::from_secs(1);

/// Returns the children of `parent`, and theirs.
fn descendants(parent: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut parents = vec![parent];
    while let Some(parent) = parents.pop() {
        for (id, _) in children(parent) {
            if found.insert(id) {
                parents.push(id);
            }
        }
    }
    found
}

/// Tells whether a process has computed for some hundredths of a second.
fn is_busy(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"));
    let stat = stat.unwrap_or_default();
    let words = stat.rsplit_once(") ").map(|(_, rest)| rest.split(' '));
    // The fourteenth field is its time in user mode, in hundredths.
    let time = words.and_then(|mut words| words.nth(11)?.parse().ok());
    time.is_some_and(|time: u64| time >= 5)
}

/// Kills a program that a failed test would leave behind.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts a program, waits until it is `busy`, and ends it by a signal; returns
/// how it ended. Every process that it started has ended by then.
fn end_by(
    how: Signal,
    args: &[&str],
    input: &str,
    busy: impl Fn(u32) -> bool,
) -> ExitStatus {
    let mut parent = Killed(
        Command::new(PROGRAM)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let id = parent.0.id();
    // Kept open, so that its end cannot be what ends the program.
    let mut stdin = parent.0.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    let family = until(|| busy(id).then(|| descendants(id)));
    signal(id, how);
    let status = within(SOON, || parent.0.try_wait().unwrap());
    within(SOON, || family.iter().all(|&id| !runs(id)).then_some(()));
    drop(stdin);
    status
}

const ALL: [Signal; 4] = [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL];

/// Checks that `how` ended the pool, or its own code after Ctrl-C.
fn check_status(status: ExitStatus, how: Signal) {
    match how {
        Signal::INT => assert_eq!(status.code(), Some(130)),
        how => assert_eq!(status.signal(), Some(how.as_raw())),
    }
}

#[test]
fn a_pools_own_workers_end_with_it_in_the_middle_of_a_job() {
    for how in ALL {
        for args in [&["pool", "--workers=2"][..], &["queue", "-"]] {
            let jobs = format!("{LONG}\n").repeat(2);
            let status = end_by(how, args, &jobs, |id| {
                descendants(id).into_iter().any(is_busy)
            });
            check_status(status, how);
        }
    }
}

#[test]
fn a_foreign_worker_ends_with_its_pool_and_so_do_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("worker");
    fs::write(&script, "while read line; do sleep 600; done\n").unwrap();
    let command = format!("sh {}", script.display());
    for how in ALL {
        let args = ["pool", "--workers=2", "--worker-cmd", &command];
        let status = end_by(how, &args, "1\n2\n", |id| {
            let sleeps = |id: &u32| {
                fs::read(format!("/proc/{id}/cmdline"))
                    .is_ok_and(|words| words.starts_with(b"sleep\0"))
            };
            descendants(id).iter().filter(|id| sleeps(id)).count() == 2
        });
        check_status(status, how);
    }
}

#[test]
fn a_child_that_computes_for_ever_ends_with_its_parent() {
    let folder = tempfile::tempdir().unwrap();
    for how in [Signal::TERM, Signal::HUP, Signal::KILL] {
        let lock = folder.path().join(how.as_raw().to_string());
        // `true`: a shell becomes the program that is its last command.
        let mut parent = Killed(
            Command::new("sh")
                .args(["-c", "\"$0\" kill --deaf-child; true", PROGRAM])
                .env("PLATES_LOCK", &lock)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .unwrap(),
        );
        until(|| lock.exists().then_some(()));
        let family = descendants(parent.0.id());
        assert_eq!(family.len(), 1);
        signal(parent.0.id(), how);
        parent.0.wait().unwrap();
        within(SOON, || family.iter().all(|&id| !runs(id)).then_some(()));
    }
}

#[test]
fn the_workers_of_a_section_end_with_it() {
    for how in ALL {
        let status = end_by(how, &["primes"], "", |id| {
            descendants(id).into_iter().any(is_busy)
        });
        check_status(status, how);
    }
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    for (how, number) in
        [(Signal::INT, 2), (Signal::HUP, 1), (Signal::TERM, 15)]
    {
        let ignoring = format!("trap '' {number}; exec \"$0\" \"$@\"");
        let mut pool = Killed(
            Command::new("sh")
                .args(["-c", &ignoring, PROGRAM, "pool", "--workers=1"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        let mut stdin = pool.0.stdin.take().unwrap();
        let stdout = pool.0.stdout.take().unwrap();
        let mut lines = BufReader::new(stdout).lines();
        stdin.write_all(b"7\n").unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), "7 is prime");
        signal(pool.0.id(), how);
        stdin.write_all(b"9\n").unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), "9 is not prime");
        drop(stdin);
        assert!(pool.0.wait().unwrap().success());
    }
}
