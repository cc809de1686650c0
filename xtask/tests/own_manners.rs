//! The runner keeps the rules that it holds the chapters to.

#![expect(
    clippy::unwrap_used,
    reason = "a runner that cannot be started has failed the test"
)]

use std::process::{Command, Output, Stdio};

fn xtask(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(args).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn wrong_words_are_refused_with_status_2_and_the_commands() {
    for args in [
        &[][..],
        &["no-such-command"],
        &["test-all", "extra"],
        &["test"],
        &["book", "--no-such-flag"],
        &["doctor", "extra"],
    ] {
        let output = xtask(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("test-all"), "{args:?}: {said}");
    }
}

#[test]
fn help_is_no_error() {
    let output = xtask(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn a_reader_that_is_gone_is_no_panic_and_no_success() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--help").stdin(Stdio::null()).stdout(writer);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert!(output.stderr.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_error_line() {
    let full = std::fs::File::create("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--help").stdin(Stdio::null()).stdout(full);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
}
