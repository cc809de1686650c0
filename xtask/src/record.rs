//! `record`: runs the sections and keeps what they print.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::record_outcomes;
use crate::recordings;
use crate::transcript::Transcript;
use crate::workspace::Workspace;

/// What is recorded.
#[derive(clap::Args)]
pub struct Options {
    chapter: String,
    slug: Option<String>,
    /// Only the timelines and terminal recordings
    #[arg(long)]
    timelines: bool,
    /// Only the outcomes, of N runs of each section
    #[arg(long, value_name = "N", conflicts_with = "timelines")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    outcomes: Option<u32>,
}

/// Writes a chapter's recordings again, or those of one section.
///
/// A run that breaks its own contract is not kept: first mend the one or the
/// other.
pub fn record(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let chapter = workspace.chapter(&options.chapter)?;
    let slug = options.slug.as_ref();
    let mut transcripts = Transcript::all(workspace, chapter)?;
    transcripts.retain(|t| slug.is_none_or(|slug| *slug == t.room.slug));
    if let Some(runs) = options.outcomes {
        return record_outcomes::record(workspace, &transcripts, runs);
    }
    if options.timelines {
        transcripts.clear();
    }
    let (recordings, all_recorded) =
        recordings::record(workspace, chapter, slug, !options.timelines)?;
    if transcripts.is_empty() && recordings == 0 {
        let what = slug.map_or("", String::as_str);
        bail!("{} has no transcript {what}", chapter.name);
    }
    let mut failed = !all_recorded;
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
                eprintln!("error: {}: {why:#}", transcript.file());
                failed = true;
            }
        }
    }
    Ok(ExitCode::from(u8::from(failed)))
}
