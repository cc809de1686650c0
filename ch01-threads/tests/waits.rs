//! A thread that is woken re-checks the condition: every wait on a condition
//! variable stands in a loop, but for the one that is broken on purpose.

#![expect(
    clippy::unwrap_used,
    reason = "sources that cannot be read have failed the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Returns the line that opens the block around line `n`: the last one that is
/// indented less and ends with a brace, for so `rustfmt` writes it.
fn opener<'a>(lines: &[&'a str], n: usize) -> &'a str {
    let indent = |line: &str| line.len() - line.trim_start().len();
    // A chain is indented once more than the statement that it belongs to.
    let chained = lines[n].trim_start().starts_with('.');
    let inner = indent(lines[n]) - if chained { 4 } else { 0 };
    let mut above = lines[..n].iter().rev();
    let opens = |line: &&&str| line.ends_with('{') && indent(line) < inner;
    above.find(opens).unwrap().trim()
}

#[test]
fn every_wait_on_a_condvar_stands_in_a_loop_but_the_broken_one() {
    let mut files = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&src, &mut files);
    let (mut waits, mut bare) = (0, Vec::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            // A barrier's `wait` and a child's take no guard.
            let wait = line.contains(".wait(") && !line.contains(".wait()");
            if !wait && !line.contains(".wait_timeout(") {
                continue;
            }
            waits += 1;
            let block = opener(&lines, n);
            if !(block.starts_with("loop") || block.starts_with("while")) {
                let name = file.strip_prefix(&src).unwrap().display();
                bare.push(format!("{name}: {block}"));
            }
        }
    }
    assert_eq!(bare, ["condvar/mod.rs: if items.is_empty() {"]);
    assert!(waits >= 5, "{waits}");
}
