//! A run of a transcript's command, and whether it kept its contract.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use artifacts::cast::Cast;
use artifacts::contract::{Contract, Kind};
use artifacts::outcomes::OutcomesFile;
use artifacts::output::Output;
use artifacts::room::{Room, read};
use artifacts::section::SectionFile;
use subprocess::Finished;
use tokio::process::Command;
use tokio::sync::Notify;

use crate::cargo::{self, Built};
use crate::event::{Event, Events};
use crate::plan::Plan;
use crate::process::{Ending, Limits, follow};
use crate::server::Live;
use crate::site::Shown;

/// A cold build on a slow machine.
const BUILD: Duration = Duration::from_secs(45 * 60);

/// What the reader may stop.
pub type Stop = Arc<Notify>;

/// A recording that a page shows, and what was promised of it.
pub struct Job {
    room: Room,
    name: String,
    command: String,
    /// Nothing for what animates: of that only the end is looked at.
    contract: Option<(Contract, Vec<String>)>,
}

impl Job {
    /// Finds what belongs to `CHAPTER/src/MODULE/recorded/NAME.txt` or `.cast`.
    ///
    /// # Errors
    ///
    /// There is no such recording, or its section cannot be read.
    pub fn of(live: &Live, file: &str) -> Result<Job> {
        let parts: Vec<&str> = file.split('/').collect();
        let [chapter, "src", module, "recorded", name] = parts[..] else {
            bail!("{file} is no recording");
        };
        let room = Room::new(&live.root, chapter, &module.replace('_', "-"));
        let text = read(&live.root, file)?;
        if let Some(name) = name.strip_suffix(".cast") {
            let cast = Cast::parse(&text)?;
            return Ok(Job {
                room,
                name: name.to_string(),
                command: cast.header.command,
                contract: None,
            });
        }
        let name = name.strip_suffix(".txt").context("it is no output")?;
        let (mut section, _) = SectionFile::read(&room)?;
        let contract = section.run.remove(name).with_context(|| {
            format!("{}: there is no [run.{name}]", room.file("section.toml"))
        })?;
        Ok(Job {
            room,
            name: name.to_string(),
            command: contract.command.clone(),
            contract: Some((contract, Output::parse(&text).lines)),
        })
    }

    /// Returns its command, as a reader types it.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// Says what is missing here to run it.
    pub fn missing(&self, live: &Live) -> Option<String> {
        let python = self.command.starts_with("python3 ");
        if python && live.python.is_none() {
            return Some("python3, 3.11 or newer, is not here".to_string());
        }
        let (contract, _) = self.contract.as_ref()?;
        let lacking = contract.programs.iter().find(|program| {
            let paths = std::env::var_os("PATH").unwrap_or_default();
            let mut paths = std::env::split_paths(&paths);
            !paths.any(|path| path.join(program).is_file())
        });
        lacking.map(|program| format!("{program} is not here"))
    }

    /// How long it may run: the contract's limit and a half. What is promised
    /// to hang is cut off where the tests cut it off.
    fn time(&self) -> Duration {
        let (seconds, hangs) = match &self.contract {
            Some((contract, _)) => (contract.timeout_secs, contract.hangs()),
            None => (60, false),
        };
        let limit = Duration::from_secs(seconds);
        if hangs { limit } else { limit * 3 / 2 }
    }

    fn is_refused(&self) -> bool {
        let contract = self.contract.as_ref();
        contract.is_some_and(|(c, _)| c.contract == Kind::Refused)
    }

    /// Says whether a run kept the contract, and in which words.
    fn verdict(&self, run: &Finished, is_edited: bool) -> Event {
        let took = u64::try_from(run.took.as_millis()).unwrap_or(u64::MAX);
        let end = |kept, verdict: String| Event::End {
            kept,
            verdict,
            took,
            yours: None,
        };
        let Some((contract, recorded)) = &self.contract else {
            return end(None, run.ending());
        };
        if let Err(why) = contract.check(recorded, run) {
            return end(Some(false), format!("broken: {why:#}"));
        }
        let mut words = format!("kept: {}", in_words(contract.contract));
        if !is_edited && let Some(share) = self.share(contract, run) {
            words += &share;
        }
        end(Some(true), words)
    }

    /// Says how many of the recorded runs came to the same outcome.
    fn share(&self, contract: &Contract, run: &Finished) -> Option<String> {
        if contract.outcome.is_empty() {
            return None;
        }
        let file = OutcomesFile::read(&self.room).ok()?;
        let recorded = file.runs.get(&self.name)?;
        let shows = contract.outcome_of(&contract.output(run));
        let same = recorded.outcomes.iter().find(|o| o.shows == shows);
        let all = recorded.total();
        Some(match same {
            Some(same) => {
                let percent =
                    f64::from(same.total()) / f64::from(all.max(1)) * 100.0;
                format!(", as {percent:.0} % of the {all} recorded runs")
            }
            None => format!(", as none of those listed of {all} recorded runs"),
        })
    }

    /// Returns the outcome of a run, where outcomes are counted.
    fn outcome(&self, run: &Finished) -> Option<String> {
        let (contract, _) = self.contract.as_ref()?;
        let counted = !contract.outcome.is_empty();
        counted.then(|| contract.outcome_of(&contract.output(run)))
    }
}

fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "the same lines",
        Kind::AnyOrder => "the same lines, in any order",
        Kind::PerLane => "each lane in its order",
        Kind::Before => "the same lines, in the order that is promised",
        Kind::Pattern => "every line fits",
        Kind::Fails => "it fails as promised",
        Kind::Refused => "refused as promised",
    }
}

/// Runs what a page shows, with the reader's edits of what it shows.
///
/// # Errors
///
/// What is wrong, in words for the page.
pub async fn run(
    live: &Live,
    shown: &Shown,
    file: &str,
    stop: Stop,
    events: &Events,
) -> Result<()> {
    shown.has_run(file)?;
    let job = Job::of(live, file)?;
    if let Some(missing) = job.missing(live) {
        bail!(missing);
    }
    let plan = Plan::of(&job.command)?;
    let edits = live.edits.among(shown.files.iter())?;
    let is_edited = !edits.is_empty();
    let (program, args) = match plan {
        Plan::Check { build } => {
            let built = live.build(&build, &edits, stop, events).await?;
            let run = refused(&built);
            if !job.is_refused() {
                bail!("`cargo check` without a promise to refuse");
            }
            events.send(job.verdict(&run, is_edited)).await.ok();
            return Ok(());
        }
        Plan::Run { build, args } => {
            let built =
                live.build(&build, &edits, stop.clone(), events).await?;
            let Some(program) = built.program else {
                let why = built.error.unwrap_or_else(|| {
                    built.words.lines().next().unwrap_or_default().to_string()
                });
                events
                    .send(Event::failed(format!("it does not build: {why}")))
                    .await
                    .ok();
                return Ok(());
            };
            (program, args)
        }
        Plan::Python { args } => {
            let mut overlay = live.overlay.lock().await;
            overlay.apply(&edits, is_python)?;
            let python = live.python.clone().context("no python3")?;
            (python, args)
        }
    };
    let folder = live.folder.clone();
    let _turn = live.turns.acquire().await.context("the server ends")?;
    let limits = Limits {
        time: job.time(),
        stop,
    };
    if job.contract.is_none() {
        return animate(&program, &args, &folder, &limits, live, events).await;
    }
    let mut command = std::process::Command::new(&program);
    command.args(&args).current_dir(&folder);
    subprocess::environment::normalize_env(&mut command);
    subprocess::environment::with_dead_proxies(&mut command);
    let (run, ending) =
        follow(Command::from(command), &limits, &live.reaper, events).await?;
    let hangs = job.contract.as_ref().is_some_and(|(c, _)| c.hangs());
    let mut end = match ending.words(&limits) {
        Some(_) if hangs && ending == Ending::TooLong => {
            job.verdict(&run, is_edited)
        }
        Some(words) => Event::failed(words),
        None => job.verdict(&run, is_edited),
    };
    // Only what kept its contract is short enough to look for outcomes in.
    if let Event::End {
        kept: Some(true),
        yours,
        ..
    } = &mut end
        && !is_edited
        && let Some(shows) = job.outcome(&run)
    {
        *yours = Some(live.count(file, shows));
    }
    events.send(end).await.ok();
    Ok(())
}

/// Builds what a first edit would have to wait for: a reader who opens an
/// editor is about to run what is in it.
///
/// # Errors
///
/// As [`run`].
pub async fn prepare(
    live: &Live,
    shown: &Shown,
    file: &str,
    stop: Stop,
    events: &Events,
) -> Result<()> {
    shown.has_run(file)?;
    let job = Job::of(live, file)?;
    if let Plan::Run { build, .. } = Plan::of(&job.command)? {
        let edits = live.edits.among(shown.files.iter())?;
        live.build_in(true, &build, &edits, stop, events).await?;
    }
    Ok(())
}

#[cfg(unix)]
async fn animate(
    program: &std::path::Path,
    args: &[String],
    folder: &std::path::Path,
    limits: &Limits,
    live: &Live,
    events: &Events,
) -> Result<()> {
    let (status, ending, took) = crate::process::on_a_terminal(
        program,
        args,
        folder,
        limits,
        &live.reaper,
        events,
    )
    .await?;
    let words = ending.words(limits).unwrap_or_else(|| match status {
        Some(status) => format!("exit status {status}"),
        None => "ended by a signal".to_string(),
    });
    let end = Event::End {
        kept: None,
        verdict: words,
        took: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        yours: None,
    };
    events.send(end).await.ok();
    Ok(())
}

#[cfg(not(unix))]
async fn animate(
    _: &std::path::Path,
    _: &[String],
    _: &std::path::Path,
    _: &Limits,
    _: &Live,
    _: &Events,
) -> Result<()> {
    bail!("there is no terminal for it on this system")
}

/// What a refused program's run comes to.
fn refused(built: &Built) -> Finished {
    Finished {
        status: built.status,
        cut_off: false,
        stdout: String::new(),
        stderr: built.words.clone(),
        took: Duration::ZERO,
    }
}

impl Live {
    /// Builds what a plan says: in the checkout, or with edits in the overlay.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started, or the overlay not written.
    pub async fn build(
        &self,
        build: &[String],
        edits: &BTreeMap<String, String>,
        stop: Stop,
        events: &Events,
    ) -> Result<Built> {
        self.build_in(!edits.is_empty(), build, edits, stop, events)
            .await
    }

    async fn build_in(
        &self,
        in_overlay: bool,
        build: &[String],
        edits: &BTreeMap<String, String>,
        stop: Stop,
        events: &Events,
    ) -> Result<Built> {
        let key = build.join(" ");
        if !in_overlay && let Some(program) = self.built(&key) {
            return Ok(Built {
                program: Some(program),
                ..Built::default()
            });
        }
        let limits = Limits { time: BUILD, stop };
        // One build at a time: two would wait for each other anyway.
        let mut overlay = tokio::select! {
            overlay = self.overlay.lock() => overlay,
            () = limits.stop.notified() => bail!("stopped"),
            () = events.closed() => bail!("the page was closed"),
        };
        if in_overlay {
            overlay.apply(edits, |file| !is_python(file))?;
        }
        let out = overlay.out.clone();
        let (folder, out) = match in_overlay {
            true => (overlay.folder(), Some(out.as_path())),
            false => (self.root.as_path(), None),
        };
        let changes = self.changes();
        let built = cargo::build(
            folder,
            &self.target,
            out,
            build,
            &limits,
            &self.reaper,
            events,
        )
        .await?;
        if let (false, Some(program)) = (in_overlay, &built.program) {
            self.has_built(&key, program, changes);
        }
        Ok(built)
    }
}

fn is_python(file: &str) -> bool {
    file.ends_with(".py")
}
