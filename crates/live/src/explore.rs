//! The schedules of an edited listing: all of them, as the page draws the
//! recorded ones.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use artifacts::room::Room;
use artifacts::schedules::Recording;
use artifacts::section::SectionFile;
use tokio::process::Command;

use crate::event::{Event, Events};
use crate::plan::Plan;
use crate::process::{Limits, follow};
use crate::run::Stop;
use crate::server::Live;
use crate::site::Shown;

/// Explores the schedules of the section whose page this is.
///
/// # Errors
///
/// What is wrong, in words for the page.
pub async fn explore(
    live: &Live,
    page: &str,
    shown: &Shown,
    stop: Stop,
    events: &Events,
) -> Result<()> {
    let (chapter, _) = page.split_once('/').context("no chapter")?;
    let slug = shown.schedules.as_ref().context("no schedules here")?;
    let room = Room::new(&live.root, chapter, slug);
    let (section, _) = SectionFile::read(&room)?;
    let contract = section.schedules.context("no schedules here")?;
    let Plan::Run { build, args } = Plan::of(&contract.command)? else {
        bail!("`{}` runs nothing", contract.command);
    };
    let edits = live.edits.among(shown.files.iter())?;
    let built = live.build(&build, &edits, stop.clone(), events).await?;
    let Some(program) = built.program else {
        let why = built.error.unwrap_or_default();
        bail!("it does not build: {why}");
    };
    let _turn = live.turns.acquire().await.context("the server ends")?;
    let limits = Limits {
        time: Duration::from_secs(contract.timeout_secs).min(MOST),
        stop,
    };
    let mut command = std::process::Command::new(program);
    command.args(args).current_dir(&live.folder);
    subprocess::environment::normalize_env(&mut command);
    // The recording is data for the figure, not for a reader.
    let (quiet, mut dropped) = tokio::sync::mpsc::channel(64);
    let drain = async { while dropped.recv().await.is_some() {} };
    let closed = async {
        events.closed().await;
        limits.stop.notify_one();
        std::future::pending::<()>().await
    };
    let search = async {
        let command = Command::from(command);
        let run = follow(command, &limits, &live.reaper, &quiet).await;
        drop(quiet);
        run
    };
    let (run, ending) = tokio::select! {
        (run, ()) = async { tokio::join!(search, drain) } => run?,
        () = closed => bail!("the page was closed"),
    };
    if let Some(words) = ending.words(&limits) {
        bail!("{words}; the search was not at its end");
    }
    if run.status != Some(0) {
        let last = run.stderr.lines().next_back().unwrap_or_default();
        bail!("the search failed, {}: {last}", run.ending());
    }
    let recording = Recording::parse(&run.stdout).context("its output")?;
    let source = match edits.get(&recording.file) {
        Some(text) => text.clone(),
        None => fs::read_to_string(live.root.join(&recording.file))?,
    };
    let html = book::stepper::figure_of(
        &room,
        &recording,
        &source,
        Some("../contracts.html"),
    )?;
    let (mut schedules, mut wrong) = (0, 0);
    for program in &recording.programs {
        schedules += program.schedules;
        wrong += program.wrong;
    }
    events.send(Event::Schedules { html }).await.ok();
    let of = match edits.is_empty() {
        true => "the book's listing",
        false => "your edit",
    };
    events
        .send(Event::End {
            kept: None,
            verdict: format!(
                "{schedules} schedules of {of}; wrong orders: {wrong}"
            ),
            took: u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX),
            yours: None,
        })
        .await
        .ok();
    Ok(())
}

/// The longest that a reader waits for a search.
const MOST: Duration = Duration::from_secs(120);
