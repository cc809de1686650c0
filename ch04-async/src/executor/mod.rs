//! An executor is a loop that polls whoever was woken.
//!
//! A waker puts its task back into a queue. A turn of the loop polls what is
//! queued when the turn begins, then fires the timers that are due; when the
//! queue is empty, the loop waits for the clock.
//!
//! cargo run -p ch04-async -- executor

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use crate::block_on::promise;
use crate::timer::Clock;

mod handle;

pub use handle::Handle;

/// For how many turns a paused clock stands still while tasks are ready.
///
/// A task that wakes itself is ready for ever, and time would never move.
const TURNS: u32 = 1_000;

/// Its address in the executor, whether it is already in the queue, and
/// whether it is to be dropped.
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

/// Adds tasks to an [`Executor`], also from inside a task.
#[derive(Clone)]
pub struct Spawner(Rc<Spawned>);

struct Spawned {
    tasks: RefCell<Vec<Task>>,
    last_id: Cell<u64>,
    queue: Sender<u64>,
}

impl Spawner {
    /// Queues a future; returns a handle to its output.
    pub fn spawn<T: 'static>(
        &self,
        future: impl Future<Output = T> + 'static,
    ) -> Handle<T> {
        let (setter, output) = promise();
        let id = self.0.last_id.get() + 1;
        self.0.last_id.set(id);
        let ticket = Arc::new(Ticket {
            id,
            queued: AtomicBool::new(false),
            aborted: AtomicBool::new(false),
            queue: self.0.queue.clone(),
        });
        ticket.clone().wake();
        let future = Box::pin(async move {
            let output = future.await;
            // Without a handle, the output is dropped here.
            guarded(|| setter.set(output));
        });
        let mine = ticket.clone();
        self.0.tasks.borrow_mut().push(Task { future, ticket });
        Handle {
            output,
            ticket: mine,
        }
    }
}

/// Runs tasks on the thread that calls [`Executor::run`].
pub struct Executor {
    tasks: HashMap<u64, Task>,
    ready: Receiver<u64>,
    spawner: Spawner,
    clock: Clock,
}

impl Executor {
    /// Makes an executor without tasks, which waits by this clock.
    pub fn new(clock: Clock) -> Executor {
        let (queue, ready) = mpsc::channel();
        let (tasks, last_id) = (RefCell::default(), Cell::default());
        let spawned = Spawned {
            tasks,
            last_id,
            queue,
        };
        Executor {
            tasks: HashMap::new(),
            ready,
            spawner: Spawner(Rc::new(spawned)),
            clock,
        }
    }

    /// Returns a handle for spawning.
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Polls tasks until `main` is done; returns its output.
    ///
    /// Tasks that are ready by then have one more turn, as in asyncio. What is
    /// not done then is dropped, as tokio drops it.
    ///
    /// # Panics
    ///
    /// If a task panics: there is no `JoinError` here to report it with. A
    /// `Drop` that panics, of a task or an output that is dropped here, is
    /// printed and ends nothing.
    pub fn run<T: 'static>(
        mut self,
        main: impl Future<Output = T> + 'static,
    ) -> T {
        let mut output = self.spawner.spawn(main);
        let (mut turn, mut turns) = (Vec::new(), 0);
        loop {
            let done = output.try_take();
            // Whatever is ready, in the order in which it was woken. What is
            // woken meanwhile has to wait: a task that wakes itself would keep
            // the loop from everything below.
            turn.extend(self.ready.try_iter());
            let is_idle = turn.is_empty();
            turn.drain(..).for_each(|id| self.poll(id));
            if let Some(output) = done {
                return output;
            }
            if !is_idle && turns < TURNS {
                self.clock.fire_due();
                turns += 1;
                continue;
            }
            turns = 0;
            // Then nothing is left but to wait: for the next timer, or for a
            // wake-up from another thread.
            let next = self.clock.fire();
            if is_idle {
                let woken = match next {
                    None => self.ready.recv().ok(),
                    Some(left) => self.ready.recv_timeout(left).ok(),
                };
                woken.into_iter().for_each(|id| self.poll(id));
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
