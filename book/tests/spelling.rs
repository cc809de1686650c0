//! The spelling of everything in the repository, by `typos`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// `typos.toml` has the words that only look misspelt.
#[test]
fn needs_typos_no_word_is_misspelt() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut typos = Command::new("typos");
    typos.args(["--format", "brief"]).current_dir(root);
    let run = subprocess::run(typos, Duration::from_secs(120));
    let run = run.expect("typos: see `cargo xtask doctor`");
    assert_eq!(run.status, Some(0), "{}{}", run.stdout, run.stderr);
}
