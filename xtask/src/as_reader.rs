//! As the reader runs it: built alone, on a terminal, piped into `head`, ended
//! by Ctrl-C.
//!
//! The other checks run programs without a terminal and read all that they
//! print. A reader does neither: a fault that needs a terminal, a closed pipe
//! or a signal shows only here.

mod isolated_build;
#[cfg(unix)]
pub mod runs;
#[cfg(unix)]
pub mod ending;
#[cfg(unix)]
mod leftovers;
#[cfg(unix)]
mod panic_reports;
#[cfg(unix)]
pub mod terminal;

use std::process::ExitCode;

use anyhow::Result;

use crate::report::{Report, Skips};
use crate::workspace::{Chapter, Workspace};

/// Checks all sections, or those of a chapter, or one.
pub fn reader(
    workspace: &Workspace,
    chapter: Option<&str>,
    slug: Option<&str>,
) -> Result<ExitCode> {
    let chapters = match chapter {
        None => workspace.chapters.iter().collect(),
        Some(chapter) => vec![workspace.chapter(chapter)?],
    };
    let report = Report::new();
    report.step("as the reader runs it");
    run(workspace, &report, &chapters, slug);
    Ok(report.finish(Skips::Allowed))
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
    isolated_build::check(workspace, report, chapters);
    #[cfg(unix)]
    runs::check(workspace, report, chapters, slug);
    #[cfg(not(unix))]
    {
        let _ = slug;
        report.skip("sections on a terminal", "terminals are Unix's here");
    }
}
