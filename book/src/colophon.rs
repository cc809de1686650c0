//! The last line of every page: the commit that the book is of, and the compiler
//! that ran its programs.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::html::escape;

/// Returns the line for the book of the workspace at `root`.
///
/// The theme shows its text, which is not that of an element: the search would
/// find it on every page.
pub fn colophon(root: &Path) -> String {
    let git = [
        "describe",
        "--always",
        "--dirty",
        "--abbrev=12",
        "--exclude=*",
    ];
    let commit = first_line(Command::new("git").current_dir(root).args(git));
    let compiler =
        first_line(Command::new("rustc").current_dir(root).arg("--version"));
    let text = escape(&format!("Commit {commit} · {compiler}"));
    format!("\n<footer class=\"colophon\" data-text=\"{text}\"></footer>\n")
}

/// Returns the first line that a program prints, or `unknown`.
fn first_line(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().ok();
    let output = output.filter(|output| output.status.success());
    let line = output.and_then(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().next().map(|line| line.trim().to_string())
    });
    line.filter(|line| !line.is_empty())
        .unwrap_or_else(|| "unknown".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_git_has_an_unknown_commit() {
        let folder = tempfile::tempdir().unwrap();
        let line = colophon(folder.path());
        assert!(line.contains("Commit unknown · rustc 1."), "{line}");
    }
}
