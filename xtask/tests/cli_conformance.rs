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
fn wrong_words_are_named_and_refused_with_status_2() {
    for (args, word) in [
        (&[][..], "test-all"),
        (&["no-such-command"], "no-such-command"),
        (&["test-all", "extra"], "extra"),
        (&["test-all", "--deny-skip"], "--deny-skip"),
        (&["test"], "CHAPTER"),
        (
            &["test", "ch77"],
            "no chapter `ch77`; there are ch01-threads, ",
        ),
        (&["book", "--no-such-flag"], "--no-such-flag"),
        (&["record", "ch01", "--outcomes", "0"], "--outcomes <N>"),
        (&["exercise", "--watch"], "NAME"),
        (&["new", "ch01", "Not_A_Slug"], "Not_A_Slug"),
        (&["new", "ch01", "a-b", "--after", "no-slug"], "no-slug"),
        (&["doctor", "extra"], "extra"),
    ] {
        let output = xtask(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(word), "{args:?}: {message}");
    }
}

#[test]
fn commands_are_listed_one_a_line() {
    let output = xtask(&["--list-commands"]);
    assert_eq!(output.status.code(), Some(0));
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.starts_with("test-all\t[--deny-skips]\n"), "{list}");
    assert!(
        list.contains("\nbook\t[--open] [--epub] [--live]\n"),
        "{list}"
    );
}

#[test]
fn help_has_a_column_for_each_commands_name() {
    let output = xtask(&["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    let list = String::from_utf8(xtask(&["--list-commands"]).stdout).unwrap();
    for line in list.lines() {
        let (name, _) = line.split_once('\t').unwrap();
        assert!(help.contains(&format!("\n  {name}  ")), "{help}");
    }
}

#[test]
fn help_is_no_error() {
    let output = xtask(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn closed_output_is_no_panic_and_no_success() {
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
