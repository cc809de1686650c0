//! `record`: runs the sections and keeps what they print.

use std::process::ExitCode;

use crate::schedules;
use crate::timelines;
use crate::transcript::Transcript;
use crate::workspace::Workspace;
use crate::{record_outcomes, usage_error};

/// Writes a chapter's transcripts again, or those of one section; with
/// `--outcomes N` what N runs of each came to, instead.
///
/// With `--timelines`, only its timelines and terminal recordings.
///
/// A run that breaks its own contract is not kept: first mend the one or the
/// other.
pub fn record(
    workspace: &Workspace,
    words: &[String],
) -> Result<ExitCode, String> {
    let (words, only_timelines) = match words {
        [words @ .., last] if last == "--timelines" => (words, true),
        words => (words, false),
    };
    let (words, often) = match words {
        [words @ .., flag, n] if flag == "--outcomes" => match n.parse() {
            Ok(n) if n > 0 => (words, Some(n)),
            _ => return usage_error(&format!("`{n}` is no number of runs")),
        },
        words => (words, None),
    };
    let (chapter, slug) = match words {
        [chapter] => (workspace.chapter(chapter)?, None),
        [chapter, slug] => (workspace.chapter(chapter)?, Some(slug)),
        _ => {
            let how = "record takes a chapter: cargo xtask record ch03";
            return usage_error(how);
        }
    };
    let mut transcripts = Transcript::all(workspace, chapter)?;
    transcripts.retain(|t| slug.is_none_or(|slug| *slug == t.room.slug));
    if only_timelines {
        transcripts.clear();
    }
    if let Some(often) = often {
        return record_outcomes::record(workspace, &transcripts, often);
    }
    let (timelines, well) = timelines::record(workspace, chapter, slug)?;
    let explored = match only_timelines {
        true => 0,
        false => schedules::record(workspace, chapter, slug)?,
    };
    if transcripts.is_empty() && timelines + explored == 0 {
        let what = slug.map_or("", String::as_str);
        return Err(format!("{} has no transcript {what}", chapter.name));
    }
    let mut failed = !well;
    for mut transcript in transcripts {
        println!("{}", transcript.command());
        let run = transcript.run(workspace)?;
        match transcript.record(&run) {
            Ok(changed) => {
                let lines = transcript.lines().len();
                let changed = if changed { "changed" } else { "as before" };
                println!("    {lines} lines, {changed}");
            }
            Err(why) => {
                eprintln!("error: {}: {why}", transcript.file());
                failed = true;
            }
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}
