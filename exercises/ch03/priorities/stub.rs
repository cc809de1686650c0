//! Scheduler: priorities without starvation. To be written.
//!
//! cargo xtask exercise ch03 priorities

/// A task: each call is a step, `false` says that it was the last.
pub type Task = Box<dyn FnMut() -> bool>;

/// Runs tasks, the urgent ones first.
#[derive(Default)]
pub struct Scheduler {
    tasks: Vec<(u32, Task)>,
}

impl Scheduler {
    /// Takes a task; the greater the priority, the more urgent.
    pub fn spawn(&mut self, priority: u32, task: Task) {
        self.tasks.push((priority, task));
    }

    /// Runs one step of one task; `false` if there is no task.
    pub fn round(&mut self) -> bool {
        // The task that came first, again and again.
        let Some((_, task)) = self.tasks.first_mut() else {
            return false;
        };
        if !task() {
            self.tasks.remove(0);
        }
        true
    }
}
