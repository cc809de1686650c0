//! A task that has ended is run once more.

/// A task: each call is a step, `false` says that it was the last.
pub type Task = Box<dyn FnMut() -> bool>;

/// Runs tasks, the urgent ones first.
#[derive(Default)]
pub struct Scheduler {
    /// The task that has waited longest stands first.
    waiting: Vec<Waiting>,
}

struct Waiting {
    priority: u32,
    passed_over: u32,
    task: Task,
}

impl Scheduler {
    /// Takes a task; the greater the priority, the more urgent.
    pub fn spawn(&mut self, priority: u32, task: Task) {
        self.waiting.push(Waiting {
            priority,
            passed_over: 0,
            task,
        });
    }

    /// Runs one step of one task; `false` if there is no task.
    pub fn round(&mut self) -> bool {
        let places = 0..self.waiting.len();
        // Of equals `max_by_key` takes the last: so look from behind.
        let Some(best) = places.rev().max_by_key(|place| {
            let waiting = &self.waiting[*place];
            waiting.priority + waiting.passed_over
        }) else {
            return false;
        };
        let mut next = self.waiting.remove(best);
        for waiting in &mut self.waiting {
            waiting.passed_over += 1;
        }
        if (next.task)() || (next.task)() {
            next.passed_over = 0;
            self.waiting.push(next);
        }
        true
    }
}
