//! The workers' threads, and the loop that receives their events.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tour::interrupt;
use tracing::trace_span;

use super::guard::Guard;
use super::input::{self, Job, Lines};
use super::process::{Fault, Heard, Process};
use super::report::{Failure, Report, visible};

/// The jobs for each worker that may be read, or done, ahead of their turn.
const AHEAD: usize = 64;
/// After this many jobs in a row that each kill two workers, the worker program
/// is at fault, and not the jobs.
const LOST_IN_A_ROW: u32 = 3;

/// The worker program, and how to run it.
#[derive(Clone)]
pub struct Plan {
    /// The words that start a worker.
    pub command: Vec<OsString>,
    /// How many workers at a time.
    pub workers: u16,
    /// The time limit of a job.
    pub job_timeout: Option<Duration>,
    /// The number of jobs after which a worker is replaced.
    pub recycle: Option<u64>,
}

/// How a run ended.
#[derive(Debug, PartialEq)]
pub enum End {
    /// Every job has an output or an error.
    Done,
    /// Ctrl-C came first.
    Interrupted,
}

/// An event in a pool.
pub enum Event {
    /// A job has its answer, or failed.
    Finished(u64, Result<String, Failure>),
    /// A worker was started, died, was killed or recycled.
    Worker(&'static str),
    /// A message for the user.
    Note(String),
    /// The input has ended; it had this many jobs.
    Read(u64),
    /// The run cannot go on.
    Fatal(String),
    /// Ctrl-C.
    Interrupted,
}

/// Runs all jobs; every worker has ended when it returns.
///
/// # Errors
///
/// A worker ended the whole run; the error names it.
pub fn run(
    plan: Plan,
    lines: Lines,
    report: &mut Report,
) -> Result<End, String> {
    let (events, happened) = mpsc::channel();
    let room = AHEAD * usize::from(plan.workers);
    let (slots, free) = mpsc::sync_channel(room);
    let (queue, jobs) = mpsc::channel();

    let tx = events.clone();
    let listening = interrupt::listen(move || {
        // Fails only if the run has ended already.
        tx.send(Event::Interrupted).ok();
    });
    let tx = events.clone();
    // Not joined: it may be waiting for input from a terminal.
    let more = queue.clone();
    thread::spawn(move || feed(lines, &slots, &more, &tx));

    let guard = Guard::start().map_err(|err| {
        format!("the workers' guard cannot be started: {err}")
    })?;
    let stop = Arc::new(Stop::default());
    let workers = plan.workers;
    let team = Team {
        plan,
        jobs: Mutex::new(jobs),
        events,
        guard: guard.map(Arc::new),
        stop: Arc::clone(&stop),
    };
    let threads = team.start();
    let end = watch(&happened, &free, report);
    if end != Ok(End::Done) {
        // Wakes the threads that wait for a worker, and those that wait for
        // a job.
        stop.now();
        for _ in 0..workers {
            // Fails only if the reader has ended.
            queue.send(None).ok();
        }
    }
    drop(queue);
    for thread in threads {
        thread.join().expect("a worker's thread does not panic");
    }
    // From here on Ctrl-C ends the process again.
    drop(listening);
    // A worker may break the protocol after its last answer.
    let late = happened.try_iter().find_map(|event| match event {
        Event::Fatal(why) => Some(why),
        Event::Worker(what) => {
            report.worker(what);
            None
        }
        _ => None,
    });
    let end = match (end, late) {
        (Ok(End::Done), Some(why)) => Err(why),
        (end, _) => end,
    };
    // The reason may quote a worker.
    end.map_err(|why| visible(&why).into_owned())
}

/// Reads jobs, as long as there is room for them.
fn feed(
    mut lines: Lines,
    slots: &SyncSender<()>,
    queue: &Sender<Option<Job>>,
    events: &Sender<Event>,
) {
    let mut read = 0;
    let outcome = loop {
        let next = match input::next(&mut lines, read + 1) {
            Ok(Some(next)) => next,
            Ok(None) => break Event::Read(read),
            Err(err) => break Event::Fatal(format!("the input: {err}")),
        };
        // Waits until fewer jobs are under way. An error means the run's end.
        if slots.send(()).is_err() {
            return;
        }
        read += 1;
        let sent = match next {
            Ok(job) => queue.send(Some(job)).is_ok(),
            Err(why) => {
                let failed = Err(Failure::Job(why));
                events.send(Event::Finished(read, failed)).is_ok()
            }
        };
        if !sent {
            return;
        }
    };
    // Fails only if the run has ended early.
    events.send(outcome).ok();
}

/// Reports events until all jobs are done, or none can be done any more.
fn watch(
    happened: &Receiver<Event>,
    free: &Receiver<()>,
    report: &mut Report,
) -> Result<End, String> {
    let (mut total, mut lost) = (None, 0);
    while total.is_none_or(|total| report.finished() < total) {
        let event = happened.try_recv().or_else(|_| {
            report.flush();
            happened.recv()
        });
        // `run` keeps a clone of the sender until its workers' threads end.
        let Ok(event) = event else {
            return Err("the workers' threads are gone".to_string());
        };
        match event {
            Event::Finished(id, outcome) => {
                lost = match outcome {
                    Err(Failure::Lost(_)) => lost + 1,
                    _ => 0,
                };
                let why = outcome.as_ref().err().map(ToString::to_string);
                for _ in 0..report.job(id, outcome) {
                    // Each printed line makes room for one more job. A line
                    // that waits for its turn keeps its place.
                    free.try_recv().ok();
                }
                if let (LOST_IN_A_ROW, Some(why)) = (lost, why) {
                    let all = "three jobs in a row cost two workers each";
                    return Err(format!("{all}; the last: {why}"));
                }
            }
            Event::Worker(what) => report.worker(what),
            Event::Note(text) => report.note(&text),
            Event::Read(n) => total = Some(n),
            Event::Fatal(why) => return Err(why),
            Event::Interrupted => return Ok(End::Interrupted),
        }
    }
    Ok(End::Done)
}

/// Wakes the threads that wait for a worker when the run ends.
#[derive(Default)]
struct Stop {
    asked: AtomicBool,
    wakers: Mutex<BTreeMap<u16, SyncSender<Heard>>>,
}

impl Stop {
    fn now(&self) {
        let wakers = self.wakers.lock();
        let wakers = wakers.unwrap_or_else(PoisonError::into_inner);
        // Set under the lock that `watch_over` takes: a worker that starts at
        // this moment is either woken here or finds the flag set there.
        self.asked.store(true, Ordering::Relaxed);
        for waker in wakers.values() {
            // Fails if an event waits already, which wakes the thread, too.
            waker.try_send(Heard::Stop).ok();
        }
    }

    fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Adds a worker, unless the run ends.
    fn watch_over(&self, number: u16, waker: SyncSender<Heard>) -> bool {
        let wakers = self.wakers.lock();
        let mut wakers = wakers.unwrap_or_else(PoisonError::into_inner);
        // Replaces the former worker of this number.
        wakers.insert(number, waker);
        !self.is_asked()
    }
}

struct Team {
    plan: Plan,
    jobs: Mutex<Receiver<Option<Job>>>,
    events: Sender<Event>,
    guard: Option<Arc<Guard>>,
    stop: Arc<Stop>,
}

impl Team {
    fn start(self) -> Vec<JoinHandle<()>> {
        let team = Arc::new(self);
        let numbers = 1..=team.plan.workers;
        numbers
            .map(|number| {
                let team = Arc::clone(&team);
                thread::spawn(move || {
                    if let Err(why) = team.work(number) {
                        team.tell(Event::Fatal(why));
                    }
                })
            })
            .collect()
    }

    fn tell(&self, event: Event) {
        // `run` holds the receiver until the threads have ended.
        self.events.send(event).ok();
    }

    fn process(&self, number: u16) -> Result<Option<Process>, String> {
        let words = &self.plan.command;
        let (process, waker) =
            Process::start(number, words, self.guard.as_ref())?;
        self.tell(Event::Worker("started"));
        Ok(self.stop.watch_over(number, waker).then_some(process))
    }

    fn next_job(&self) -> Option<Job> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let job = jobs.recv().ok().flatten();
        job.filter(|_| !self.stop.is_asked())
    }

    /// Runs jobs with one worker process after the other.
    fn work(&self, number: u16) -> Result<(), String> {
        let lane = format!("worker-{number}");
        let _lane = trace_span!("worker", lane).entered();
        let mut worker = self.process(number)?;
        let mut answered = 0;
        while let Some(job) = self.next_job() {
            let mut deaths = 0;
            let outcome = loop {
                // A worker that died while idle did not die of this job.
                if worker.as_mut().is_some_and(Process::has_ended) {
                    self.tell(Event::Worker("died"));
                    worker = None;
                }
                let mut process = match worker.take() {
                    Some(process) => process,
                    None => {
                        answered = 0;
                        match self.process(number)? {
                            Some(process) => process,
                            None => return Ok(()),
                        }
                    }
                };
                match process.call(&job, self.plan.job_timeout) {
                    Ok(answer) => {
                        worker = Some(process);
                        break answer.map_err(Failure::Job);
                    }
                    Err(Fault::Protocol(why)) => return Err(why),
                    Err(Fault::Stopped) => return Ok(()),
                    Err(Fault::TimedOut(limit)) => {
                        self.tell(Event::Worker("killed"));
                        let what = format!("{process} killed after {limit:?}");
                        break Err(Failure::Slow(what));
                    }
                    Err(Fault::Died(how)) => {
                        self.tell(Event::Worker("died"));
                        deaths += 1;
                        if deaths == 2 {
                            break Err(Failure::Lost(how));
                        }
                        let what = format!("line {}: {how}; once more", job.id);
                        self.tell(Event::Note(what));
                    }
                }
            };
            answered += 1;
            self.tell(Event::Finished(job.id, outcome));
            if self.plan.recycle == Some(answered)
                && let Some(process) = worker.take()
            {
                self.tell(Event::Worker("recycled"));
                end(process)?;
            }
        }
        worker.map_or(Ok(()), end)
    }
}

/// Ends a worker, and reports its breach of the protocol if there is one.
fn end(process: Process) -> Result<(), String> {
    match process.finish() {
        Err(Fault::Protocol(why)) => Err(why),
        _ => Ok(()),
    }
}
