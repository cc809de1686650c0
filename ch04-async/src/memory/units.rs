//! Making many, and having them wait.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Read, Write};
use std::path::Path;
use std::pin::Pin;
use std::process::Command;
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::task::{Context, Waker};
use std::thread;
use std::time::Instant;

use clap::ValueEnum;
use tokio::runtime;
use tokio::sync::Notify;
use tour::parent;

use super::room::room;
use super::scales::{Weight, one_of_many, this_process};

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Unit {
    /// A future, spawned on tokio
    Task,
    /// The same future in a box, polled once
    Future,
    /// A thread of the system
    Thread,
    /// A process of this program
    Process,
}

impl Display for Unit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Task => "task",
            Unit::Future => "future",
            Unit::Thread => "thread",
            Unit::Process => "process",
        })
    }
}

/// Makes `count` of them, and weighs what that adds to this process.
///
/// # Errors
///
/// More than there is room for, before any is made; or the system's error at
/// the first that could not be made. Those that were are let go.
pub fn weigh(unit: Unit, count: u32, program: &Path) -> io::Result<Weight> {
    if let Some((most, limit)) = room(unit)
        && u64::from(count) > most
    {
        let why = format!("room for {most}, half of {limit}");
        return Err(io::Error::other(format!("{count} of {unit}: {why}")));
    }
    match unit {
        Unit::Task => tasks(count),
        Unit::Future => futures(count),
        Unit::Thread => threads(count),
        Unit::Process => processes(count, program),
    }
}

/// What this process weighed before, and when that was.
struct Scales {
    before: (u64, u64),
    start: Instant,
}

impl Scales {
    fn new() -> io::Result<Scales> {
        let before = this_process()?;
        let start = Instant::now();
        Ok(Scales { before, start })
    }

    fn each(&self, count: u32) -> io::Result<Weight> {
        let took = self.start.elapsed();
        let after = this_process()?;
        let share = |after: u64, before: u64| {
            after.saturating_sub(before) / u64::from(count)
        };
        Ok(Weight {
            resident: share(after.0, self.before.0),
            virtual_: share(after.1, self.before.1),
            creation: (took / count).as_nanos() as u64,
        })
    }
}

/// What every task and future waits for.
async fn wait(gate: Arc<Notify>) {
    gate.notified().await;
}

fn tasks(count: u32) -> io::Result<Weight> {
    let runtime = runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let gate = Arc::new(Notify::new());
        let scales = Scales::new()?;
        // The handles are dropped: the tasks are the runtime's.
        (0..count).for_each(|_| drop(tokio::spawn(wait(gate.clone()))));
        // The task that is spawned last is polled last.
        tokio::spawn(async {}).await?;
        scales.each(count)
    })
}

fn futures(count: u32) -> io::Result<Weight> {
    let gate = Arc::new(Notify::new());
    let scales = Scales::new()?;
    let mut cx = Context::from_waker(Waker::noop());
    let all: Vec<Pin<Box<dyn Future<Output = ()>>>> = (0..count)
        .map(|_| {
            let mut future = Box::pin(wait(gate.clone()));
            assert!(future.as_mut().poll(&mut cx).is_pending());
            future as Pin<Box<dyn Future<Output = ()>>>
        })
        .collect();
    let weight = scales.each(count);
    drop(all);
    weight
}

fn threads(count: u32) -> io::Result<Weight> {
    let gate = RwLock::new(());
    let shut = gate.write().unwrap_or_else(PoisonError::into_inner);
    let (here, arrivals) = mpsc::channel();
    thread::scope(|scope| {
        let scales = Scales::new()?;
        let made = (0..count).try_for_each(|_| {
            let (here, gate) = (here.clone(), &gate);
            let waits = move || {
                here.send(()).ok();
                drop(gate.read());
            };
            thread::Builder::new().spawn_scoped(scope, waits).map(drop)
        });
        let weight = made.and_then(|()| {
            // A thread weighs nothing before it has begun.
            arrivals.iter().take(count as usize).for_each(drop);
            scales.each(count)
        });
        // Opens the gate: the scope waits for all of them.
        drop(shut);
        weight
    })
}

fn processes(count: u32, program: &Path) -> io::Result<Weight> {
    // All of them read from one pipe, which has no more to give when it is
    // closed, and write to another.
    let (stdin, open) = io::pipe()?;
    let (mut arrivals, stdout) = io::pipe()?;
    let mut children = Vec::new();
    let start = Instant::now();
    let made = (0..count).try_for_each(|_| {
        let mut command = Command::new(program);
        command.args(["memory", "--wait"]);
        parent::tie(&mut command)
            .stdin(stdin.try_clone()?)
            .stdout(stdout.try_clone()?);
        children.push(command.spawn()?);
        Ok(())
    });
    drop(stdout);
    let weight = made.and_then(|()| {
        arrivals.read_exact(&mut vec![0; count as usize])?;
        let creation = (start.elapsed() / count).as_nanos() as u64;
        // They are alike: a few of them stand for all.
        let some: Vec<_> = children
            .iter()
            .step_by(children.len().div_ceil(20))
            .collect();
        let (mut resident, mut all) = (0, 0);
        for child in &some {
            let (its, addresses) = one_of_many(child.id())?;
            resident += its;
            all += addresses;
        }
        let n = some.len() as u64;
        Ok(Weight {
            resident: resident / n,
            virtual_: all / n,
            creation,
        })
    });
    drop(open);
    for mut child in children {
        child.wait()?;
    }
    weight
}

/// Says by one byte that it is here, then waits for the end of its input.
///
/// # Errors
///
/// The system's. That its parent is gone already is none: then it ends.
pub fn wait_as_process() -> io::Result<()> {
    let mut stdout = io::stdout();
    match stdout.write_all(b".").and_then(|()| stdout.flush()) {
        Err(err) if err.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
        said => said?,
    }
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_threads_than_there_is_room_for_are_refused() {
        let Some((most, _)) = room(Unit::Thread) else {
            return; // Not Linux: the limit is unknown.
        };
        let Ok(too_many) = u32::try_from(most + 1) else {
            return;
        };
        let program = Path::new("not asked for");
        let err = weigh(Unit::Thread, too_many, program).unwrap_err();
        assert!(err.to_string().contains("room for"), "{err}");
    }

    #[test]
    fn a_process_that_cannot_be_started_is_an_error_that_ends() {
        let program = Path::new("/no/such/program");
        let missing = weigh(Unit::Process, 3, program).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
