//! As the reader runs it: built alone, on a terminal, piped into `head`, ended
//! by Ctrl-C.
//!
//! The other checks run programs without a terminal and read all that they
//! print. A reader does neither: a fault that needs a terminal, a closed pipe
//! or a signal shows only here.

mod alone;
#[cfg(unix)]
mod case;
#[cfg(unix)]
mod ending;
#[cfg(unix)]
mod left;
#[cfg(unix)]
mod panics;
#[cfg(unix)]
mod terminal;

use std::process::ExitCode;

use crate::report::Report;
use crate::usage_error;
use crate::workspace::{Chapter, Workspace};

/// Checks all sections, or those of a chapter, or one.
pub fn reader(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (chapters, slug) = match words[..] {
        [] => (workspace.chapters.iter().collect(), None),
        [chapter] => (vec![workspace.chapter(chapter)?], None),
        [chapter, slug] => (vec![workspace.chapter(chapter)?], Some(slug)),
        _ => return usage_error("reader takes a chapter and a section"),
    };
    let report = Report::new();
    report.step("as the reader runs it");
    run(workspace, &report, &chapters, slug);
    Ok(report.finish())
}

/// Checks all sections of `chapters`.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    run(workspace, report, chapters, None);
}

fn run(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&Chapter],
    slug: Option<&str>,
) {
    alone::check(workspace, report, chapters);
    #[cfg(unix)]
    case::check(workspace, report, chapters, slug);
    #[cfg(not(unix))]
    {
        let _ = slug;
        report.skip("sections on a terminal", "terminals are Unix's here");
    }
}
