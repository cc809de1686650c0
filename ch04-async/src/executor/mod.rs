//! An executor is a loop that polls the tasks that were woken.
//!
//! A waker puts its task back into a queue. A turn of the loop polls the tasks
//! that are queued when the turn begins, then fires the timers that are due;
//! when the queue is empty, the loop waits for the clock.
//!
//! cargo run -p ch04-async -- executor

use std::collections::HashMap;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use crate::timer::Clock;

pub mod cli;
mod handle;
pub mod s1_queue;
pub mod s2_handles;
pub mod s3_turns;
mod spawner;

pub use handle::Handle;
use s1_queue::wait;
use s3_turns::fire;
pub use spawner::Spawner;

/// What the waker and the executor share about one task: its number, whether it
/// is queued, and whether it was aborted.
struct Ticket {
    id: u64,
    queued: AtomicBool,
    aborted: AtomicBool,
    queue: Sender<u64>,
}

impl Wake for Ticket {
    fn wake(self: Arc<Self>) {
        // Waking a task that is in the queue adds nothing.
        if !self.queued.swap(true, Ordering::AcqRel) {
            // An executor that is gone polls nothing any more.
            self.queue.send(self.id).ok();
        }
    }
}

struct Task {
    // Never leaves this thread, so it need not be `Send`. The ticket does.
    future: Pin<Box<dyn Future<Output = ()>>>,
    ticket: Arc<Ticket>,
}

/// Runs tasks on the thread that calls [`Executor::run`].
pub struct Executor {
    tasks: HashMap<u64, Task>,
    ready: Receiver<u64>,
    spawner: Spawner,
    clock: Clock,
}

impl Executor {
    /// Polls tasks until `main` is done; returns its output.
    ///
    /// Tasks that are ready by then have one more turn, as in asyncio.
    /// Tasks that are not done then are dropped, as tokio drops them.
    ///
    /// # Panics
    ///
    /// If a task panics: there is no `JoinError` here to report it with.
    /// A `Drop` that panics is printed and ends nothing.
    pub fn run<T: 'static>(
        mut self,
        main: impl Future<Output = T> + 'static,
    ) -> T {
        let mut output = self.spawner.spawn(main);
        let (mut turn, mut turns) = (Vec::new(), 0);
        loop {
            let done = output.try_take();
            // A task that is woken during a turn waits for the next one: a task
            // that wakes itself would keep the loop from everything below.
            turn.extend(self.ready.try_iter());
            let is_idle = turn.is_empty();
            turn.drain(..).for_each(|id| self.poll(id));
            if let Some(output) = done {
                return output;
            }
            if is_idle {
                turns = 0;
                turn.extend(wait(&self.clock, &self.ready));
            } else {
                fire(&self.clock, &mut turns);
            }
        }
    }

    fn poll(&mut self, id: u64) {
        self.adopt();
        // A waker may outlive its task, and call for it in vain.
        let Some(task) = self.tasks.get_mut(&id) else {
            return;
        };
        // Before the poll: a wake-up during the poll has to queue it again.
        task.ticket.queued.store(false, Ordering::Release);
        if task.ticket.aborted.load(Ordering::Acquire) {
            // With its future goes the right to set the output: that wakes
            // the task that awaits the handle.
            let task = self.tasks.remove(&id);
            return guarded(|| drop(task));
        }
        let waker = Waker::from(task.ticket.clone());
        let mut cx = Context::from_waker(&waker);
        if task.future.as_mut().poll(&mut cx).is_ready() {
            self.tasks.remove(&id);
        }
    }

    fn adopt(&mut self) {
        for task in self.spawner.0.tasks.take() {
            self.tasks.insert(task.ticket.id, task);
        }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // Tasks spawned last may hold a spawner, which holds them.
        self.adopt();
        // One at a time, so that a `Drop` that panics costs no other task its
        // own, also when a task's panic has brought us here.
        for (_, task) in mem::take(&mut self.tasks) {
            guarded(|| drop(task));
        }
    }
}

/// Runs code that may drop a user's value. A panic of its `Drop` ends here.
fn guarded(code: impl FnOnce()) {
    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(code)) {
        // The hook has printed it. The payload is a user's value as well, whose
        // own `Drop` may panic in turn: it is leaked.
        mem::forget(payload);
    }
}

/// Counts down once its delay is over, a second a step.
///
/// Source: Brett Cannon, "How the heck does async/await work in Python 3.5?"
/// (2016).
pub async fn launch(clock: Clock, name: &str, delay: u32, count: u32) {
    let second = Duration::from_secs(1);
    println!("{name}: waits {delay} s before its countdown");
    clock.sleep(second * delay).await;
    println!("{name}: countdown starts at {} s", clock.now().as_secs());
    for n in (1..=count).rev() {
        println!("{name}: {n}");
        clock.sleep(second).await;
    }
    println!("{name}: lift-off at {} s", clock.now().as_secs());
}

/// Launches three rockets on one thread and a paused clock.
pub fn demo() {
    let clock = Clock::paused();
    let executor = Executor::new(clock.clone());
    let spawner = executor.spawner();
    let pad = clock.clone();
    let launched = executor.run(async move {
        let rockets = [("A", 0, 5), ("B", 2, 3), ("C", 1, 4)];
        let launches = rockets.map(|(name, delay, count)| {
            spawner.spawn(launch(pad.clone(), name, delay, count))
        });
        let mut n = 0;
        for launch in launches {
            launch.await.expect("a rocket does not panic");
            n += 1;
        }
        n
    });
    println!("{launched} launched, in {} s", clock.now().as_secs());
}

#[cfg(test)]
mod tests;
