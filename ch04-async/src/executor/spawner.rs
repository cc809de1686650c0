//! How tasks come in: from outside the loop, or from inside a task.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Sender};
use std::task::Wake;

use super::{Executor, Handle, Task, Ticket, guarded};
use crate::block_on::promise;
use crate::timer::Clock;

/// Adds tasks to an [`Executor`], also from inside a task.
#[derive(Clone)]
pub struct Spawner(pub(super) Rc<Spawned>);

pub(super) struct Spawned {
    pub(super) tasks: RefCell<Vec<Task>>,
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
}
