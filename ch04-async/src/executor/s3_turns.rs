//! Stage 3: one place in the queue for each task, and turns that end.
//!
//! cargo run -p ch04-async -- executor --stage turns

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::s1_queue::wait;
use super::s2_handles;
use crate::block_on::{Promise, promise};
use crate::timer::Clock;

/// For how many turns a paused clock stands still while tasks are ready.
///
/// A task that wakes itself is ready for ever, and time would never move.
pub(super) const TURNS: u32 = 1_000;

/// What the waker and the executor share about one task: its number, and
/// whether it is queued.
struct Ticket {
    id: u64,
    queued: AtomicBool,
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
    /// Queues a future; returns a promise of its output.
    pub fn spawn<T: 'static>(
        &self,
        future: impl Future<Output = T> + 'static,
    ) -> Promise<T> {
        let (setter, output) = promise();
        let id = self.0.last_id.get() + 1;
        self.0.last_id.set(id);
        let ticket = Arc::new(Ticket {
            id,
            queued: AtomicBool::new(false),
            queue: self.0.queue.clone(),
        });
        ticket.clone().wake();
        let future = Box::pin(async move { setter.set(future.await) });
        self.0.tasks.borrow_mut().push(Task { future, ticket });
        output
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
    /// Polls tasks until `main` is done; returns its output.
    ///
    /// # Panics
    ///
    /// If a task panics: there is no `JoinError` here to report it with.
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
        // Before the poll: a wake-up during the poll has to queue it again.
        task.ticket.queued.store(false, Ordering::Release);
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

/// Fires the timers that are due. After [`TURNS`] turns, moves a paused clock.
pub(super) fn fire(clock: &Clock, turns: &mut u32) {
    *turns += 1;
    if *turns <= TURNS {
        clock.fire_due();
    } else {
        *turns = 0;
        clock.fire();
    }
}

/// Makes an executor without tasks, which waits by this clock.
pub fn executor(clock: Clock) -> (Executor, Spawner) {
    let (queue, ready) = mpsc::channel();
    let spawner = Spawner(Rc::new(Spawned {
        tasks: RefCell::default(),
        last_id: Cell::default(),
        queue,
    }));
    let executor = Executor {
        tasks: HashMap::new(),
        ready,
        spawner: spawner.clone(),
        clock,
    };
    (executor, spawner)
}

/// Calls its waker three times and waits a second; returns its polls.
async fn woken_thrice(clock: Clock) -> u32 {
    let mut sleep = pin!(clock.sleep(Duration::from_secs(1)));
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        if polls == 1 {
            (0..3).for_each(|_| cx.waker().wake_by_ref());
        }
        sleep.as_mut().poll(cx)
    })
    .await;
    polls
}

/// Gives way a hundred thousand times, or until the alarm has rung; says
/// whether it has.
async fn give_way(alarm: impl Future<Output = Option<()>>) -> bool {
    let mut alarm = pin!(alarm);
    let mut turns = 0;
    poll_fn(|cx| {
        turns += 1;
        if alarm.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        if turns == 100_000 {
            return Poll::Ready(false);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Runs the same tasks on stage 2 and on stage 3.
pub fn demo() {
    let millisecond = Duration::from_millis(1);

    println!("stage 2");
    let clock = Clock::paused();
    let (stage_2, _) = s2_handles::executor(clock.clone());
    println!("  polls: {}", stage_2.run(woken_thrice(clock)));
    let clock = Clock::real();
    let (stage_2, spawner) = s2_handles::executor(clock.clone());
    let alarm = spawner.spawn(async move { clock.sleep(millisecond).await });
    println!("  the alarm rang: {}", stage_2.run(give_way(alarm)));

    println!("stage 3");
    let clock = Clock::paused();
    let (stage_3, _) = executor(clock.clone());
    println!("  polls: {}", stage_3.run(woken_thrice(clock)));
    let clock = Clock::real();
    let (stage_3, spawner) = executor(clock.clone());
    let alarm = spawner.spawn(async move { clock.sleep(millisecond).await });
    println!("  the alarm rang: {}", stage_3.run(give_way(alarm)));
}
