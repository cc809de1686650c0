//! Stage 2: tasks that spawn tasks, and handles to their outputs.
//!
//! cargo run -p ch04-async -- executor --stage handles

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use super::s1_queue::wait;
use crate::block_on::{Promise, promise};
use crate::timer::Clock;

/// What a waker needs to queue its task: the task's number, and the queue.
struct Ticket {
    id: u64,
    queue: Sender<u64>,
}

impl Wake for Ticket {
    fn wake(self: Arc<Self>) {
        // An executor that is gone polls nothing any more.
        self.queue.send(self.id).ok();
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
        let queue = self.0.queue.clone();
        let ticket = Arc::new(Ticket { id, queue });
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
        loop {
            if let Some(output) = output.try_take() {
                return output;
            }
            let woken = self.ready.try_recv().ok();
            let woken = woken.or_else(|| wait(&self.clock, &self.ready));
            woken.into_iter().for_each(|id| self.poll(id));
        }
    }

    fn poll(&mut self, id: u64) {
        self.adopt();
        // A waker may outlive its task, and call for it in vain.
        let Some(task) = self.tasks.get_mut(&id) else {
            return;
        };
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

/// Waits by the clock; returns what is done.
async fn cook(clock: Clock, what: &str, seconds: u64) -> &str {
    clock.sleep(Duration::from_secs(seconds)).await;
    println!("  {what}: done at {} s", clock.now().as_secs());
    what
}

/// Runs a task that spawns two others, and takes what they return.
pub fn demo() {
    let clock = Clock::paused();
    let (executor, spawner) = executor(clock.clone());
    let meal = executor.run(async move {
        let rice = spawner.spawn(cook(clock.clone(), "rice", 2));
        let tea = spawner.spawn(cook(clock.clone(), "tea", 1));
        println!("  spawned");
        (tea.await, rice.await)
    });
    println!("  a meal: {meal:?}");
}
