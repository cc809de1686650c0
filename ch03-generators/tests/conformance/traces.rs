//! What each case says, from `traces.txt`, and the Python column's proof.

use std::process::Command;

const TRACES: &str = include_str!("traces.txt");

/// Returns the lines of one case.
pub fn of(case: &str) -> Vec<&'static str> {
    let head = format!("[{case}]\n");
    let (_, rest) = TRACES.split_once(&head).expect("the case has a block");
    rest.lines().take_while(|line| !line.is_empty()).collect()
}

#[test]
fn both_columns_are_proven() {
    let cases = TRACES.lines().filter(|line| line.starts_with('['));
    assert_eq!(cases.count(), 41, "43 functions, of which 2 are left out");

    let script =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/cases.py");
    let Ok(output) = Command::new("python3").arg(script).output() else {
        eprintln!("skipped: no python3");
        return;
    };
    assert!(output.status.success(), "{script} failed");
    assert_eq!(String::from_utf8_lossy(&output.stdout), TRACES);
}
