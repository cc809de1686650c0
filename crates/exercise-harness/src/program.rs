//! The programs that run checks: which solution, how often, for how long.

use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, process};

use crate::check::Check;
use crate::finding::{self, Finding, What};

/// A solution's name, and its check.
pub type Variant = (&'static str, fn(&mut Check));

/// An exercise, and the solutions that are built into a program.
pub struct Exercise {
    /// `ch01`.
    pub chapter: &'static str,
    /// The folder's name.
    pub name: &'static str,
    /// `stub`, `reference`, `wrong/NAME` or `yours`, and its check.
    pub variants: &'static [Variant],
}

/// Stands before the report, behind whatever a solution has printed: the key
/// that the runner writes to stdin, if `EXERCISE_KEY` says so.
static KEY: OnceLock<String> = OnceLock::new();

/// Reads the key, before any of a solution's code runs: it cannot read it then.
fn read_key() {
    let mut key = String::new();
    if env::var_os("EXERCISE_KEY").is_some() {
        // Without a key the runner does not believe the report.
        std::io::stdin().read_to_string(&mut key).ok();
    }
    KEY.get_or_init(|| key);
}

fn key() -> &'static str {
    KEY.get().map_or("", String::as_str)
}

/// Runs one check: `EXERCISE VARIANT [TIMES [BUSY]]`, so many times beside so
/// many busy threads. `EXERCISE_LIMIT` is how many seconds it may take.
///
/// Exit status 0 if all claims hold, 1 if one does not, 2 for wrong words.
pub fn main(exercises: &[Exercise]) -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [name, variant, numbers @ ..] = &words[..] else {
        for exercise in exercises {
            for (variant, _) in exercise.variants {
                println!("{} {variant}", exercise.name);
            }
        }
        return ExitCode::SUCCESS;
    };
    let exercise = exercises.iter().find(|e| e.name == name);
    let check = exercise.and_then(|exercise| {
        let mut variants = exercise.variants.iter();
        let (_, check) = variants.find(|(known, _)| known == variant)?;
        Some((exercise, check))
    });
    let Some((exercise, check)) = check else {
        eprintln!("error: no `{name} {variant}` in this program");
        return ExitCode::from(2);
    };
    let number = |i: usize, default: usize| {
        let word = numbers.get(i).and_then(|word| word.parse().ok());
        word.unwrap_or(default)
    };
    let place = format!("{} {}", exercise.chapter, exercise.name);
    read_key();
    // shuttle sets its own hook in its first run, and ours has to be last.
    shuttle::check_dfs(|| {}, Some(1));
    finding::keep_panics();
    watchdog(place.clone());
    let load = Load::new(number(1, 0));
    let mut seen = String::new();
    for _ in 0..number(0, 1) {
        restart();
        let mut run = Check::default();
        check(&mut run);
        seen = run.seen;
        if let Some(finding) = run.found {
            report(&place, &seen, &finding);
            return ExitCode::FAILURE;
        }
    }
    drop(load);
    println!("{}\nsolved: all of this holds\n\n{seen}", key());
    ExitCode::SUCCESS
}

fn report(place: &str, seen: &str, finding: &Finding) {
    let mut text = format!("{}\n", key());
    if !seen.is_empty() {
        text += &format!("so far, so good:\n{seen}\n");
    }
    text += &format!("{finding}\n");
    let hint = finding.hint;
    text += &format!(
        "hint {hint} is about this: cargo xtask exercise {place} --hint {hint}\n"
    );
    // A reader that is gone has seen the exit status.
    std::io::stdout().write_all(text.as_bytes()).ok();
}

/// Threads that keep the processors busy while it lives.
struct Load(Arc<AtomicBool>);

impl Load {
    fn new(threads: usize) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        for _ in 0..threads {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        Load(stop)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The case that runs, and since when its check does.
static WATCHED: Mutex<Option<(Instant, &str, usize)>> = Mutex::new(None);

fn watched() -> MutexGuard<'static, Option<(Instant, &'static str, usize)>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says which case begins.
pub(crate) fn watch(claim: &'static str, hint: usize) {
    if let Some((_, current, its)) = watched().as_mut() {
        (*current, *its) = (claim, hint);
    }
}

fn restart() {
    *watched() = Some((Instant::now(), "the check ends", 1));
}

/// Ends a program that hangs, and says how far it has come.
fn watchdog(place: String) {
    let limit = env::var("EXERCISE_LIMIT").ok();
    let limit = limit.and_then(|limit| limit.parse().ok()).unwrap_or(20);
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_millis(50));
            let Some((since, claim, hint)) = *watched() else {
                continue;
            };
            if since.elapsed() < Duration::from_secs(limit) {
                continue;
            }
            let finding = Finding {
                claim,
                hint,
                what: What::Hangs(limit),
                how: "up to here:".to_string(),
                trace: explore::trace::current(),
            };
            report(&place, "", &finding);
            process::exit(1);
        }
    });
}
