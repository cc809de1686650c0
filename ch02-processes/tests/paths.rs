//! A path is bytes, which need not be UTF-8. (macOS refuses such names.)
#![cfg(target_os = "linux")]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

#[test]
fn a_program_and_a_folder_whose_paths_are_not_utf_8_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join(OsStr::from_bytes(b"caf\xe9 \n"));
    fs::create_dir(&folder).unwrap();
    let program = folder.join("program");
    // By another process: a copy that this one writes is "busy" for as long as
    // a child that another test has just started holds the file open.
    let copied = Command::new("cp")
        .args([
            OsStr::new(env!("CARGO_BIN_EXE_ch02-processes")),
            program.as_ref(),
        ])
        .status()
        .unwrap();
    assert!(copied.success());
    for (section, said) in [
        ("pool", "97 is prime"),
        ("queue", "7 is prime"),
        ("shared-memory", "added 100000 each: 200000"),
        ("kill", "killed: its lock file is left: true"),
        ("gone-too-soon", "when the child has ended: 6 bytes"),
    ] {
        let ran = Command::new(&program)
            .arg(section)
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&ran.stdout);
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{section}: {errors}");
        assert!(out.contains(said), "{section}: {out}{errors}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_one_error() {
    for section in ["shared-memory", "kill", "gone-too-soon"] {
        let ran = Command::new(env!("CARGO_BIN_EXE_ch02-processes"))
            .arg(section)
            .env("TMPDIR", OsStr::from_bytes(b"/no/caf\xe9"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(1), "{section}");
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert!(errors.starts_with("error: "), "{section}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{section}: {errors}");
    }
}
