//! A server ends in the midst of its jobs, on the virtual clock.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use futures::FutureExt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

use super::solution::{Job, serve};

const DRAIN: Duration = Duration::from_secs(10);

/// What happened to jobs.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, note: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(note);
    }

    /// Returns the notes that end in `what`, without it.
    fn all(&self, what: &str) -> Vec<String> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = notes.iter().filter_map(|note| note.strip_suffix(what));
        ends.map(|name| name.trim().to_string()).collect()
    }

    fn job(&self, name: &'static str, seconds: u64) -> Job {
        let notes = self.clone();
        Box::pin(async move {
            tell(name, "begins");
            notes.note(format!("{name} begun"));
            sleep(Duration::from_secs(seconds)).await;
            tell(name, "is done");
            notes.note(format!("{name} done"));
        })
    }
}

/// Serves these jobs, is stopped after 3 s, and says how many were cut
/// off and when it returned.
async fn served(jobs: Vec<Job>) -> (usize, u64) {
    let start = Instant::now();
    let (offer, take) = mpsc::channel(9);
    for job in jobs {
        offer.send(job).await.ok();
    }
    let end = async {
        sleep(Duration::from_secs(3)).await;
        tell("the server", "is stopped");
    };
    // It has a minute and not an hour: the jobs are shorter than that.
    let minute = Duration::from_secs(60);
    let cut_off = timeout(minute, serve(take, end, DRAIN)).await;
    tell("the server", "has ended");
    (cut_off.unwrap_or(999), start.elapsed().as_secs())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

pub fn check(check: &mut Check) {
    check
        .case("jobs under way are finished, and then it returns", 1)
        .virtual_time(async || {
            let notes = Notes::default();
            let jobs = vec![notes.job("short", 1), notes.job("long", 8)];
            let said = served(jobs).await;
            expect("done are", names(&["short", "long"]), notes.all("done"));
            expect("(cut off, seconds) are", (0, 8), said);
        });
    check
        .case("what takes too long is cut off, and stops", 3)
        .virtual_time(async || {
            let notes = Notes::default();
            let jobs = vec![
                notes.job("slow", 8),
                notes.job("slower", 12),
                notes.job("endless", 600),
            ];
            let said = served(jobs).await;
            expect("(cut off, seconds) are", (1, 13), said);
            sleep(Duration::from_secs(1000)).await;
            expect("done are", names(&["slow", "slower"]), notes.all("done"));
        });
    check
        .case("a job that comes while it drains is refused", 4)
        .virtual_time(async || {
            let notes = Notes::default();
            let (offer, take) = mpsc::channel(9);
            offer.send(notes.job("early", 8)).await.ok();
            let late = async {
                sleep(Duration::from_secs(5)).await;
                let refused = offer.try_send(notes.job("late", 1)).is_err();
                tell("a client", format!("is refused: {refused}"));
                refused
            };
            let end = sleep(Duration::from_secs(3));
            let (_, refused) = tokio::join!(serve(take, end, DRAIN), late);
            expect("that it is refused is", true, refused);
            expect("begun are", names(&["early"]), notes.all("begun"));
        });
    // Sixty times: by lot it would be right once in a while.
    check
        .case("what waits when the end comes is not begun", 5)
        .virtual_time(async || {
            for _ in 0..60 {
                let notes = Notes::default();
                let (offer, take) = mpsc::channel(9);
                offer.send(notes.job("waiting", 1)).await.ok();
                serve(take, async {}, DRAIN).await;
                expect("begun are", names(&[]), notes.all("begun"));
            }
        });
    check
        .case("a job that panics ends alone", 6)
        .virtual_time(async || {
            let notes = Notes::default();
            let panics: Job = Box::pin(async {
                sleep(Duration::from_secs(1)).await;
                panic!("a job that panics");
            });
            let served = served(vec![panics, notes.job("other", 6)]);
            let said = AssertUnwindSafe(served).catch_unwind().await;
            let Ok(said) = said else {
                wrong("the server goes on", "the server panics, too");
            };
            expect("done are", names(&["other"]), notes.all("done"));
            expect("(cut off, seconds) are", (0, 6), said);
        });
    check
        .case("when all senders are gone it ends, too", 1)
        .virtual_time(async || {
            let notes = Notes::default();
            let (offer, take) = mpsc::channel(9);
            offer.send(notes.job("last", 4)).await.ok();
            drop(offer);
            // The end never comes.
            let (_never, said) = oneshot::channel::<()>();
            let end = async { said.await.unwrap_or_default() };
            serve(take, end, DRAIN).await;
            expect("done are", names(&["last"]), notes.all("done"));
        });
}
