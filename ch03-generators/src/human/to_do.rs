//! The list that a loop keeps, and what a human can do with it.

use super::Task;
use crate::coroutine::{Raised, Resumable, State, Step};

/// A task on the list.
struct Entry {
    name: &'static str,
    task: Task,
    /// When it was resumed last.
    asked: u32,
    /// When it wants to be resumed.
    due: u32,
}

/// The list that a loop keeps, and the time.
pub struct ToDo {
    minute: u32,
    entries: Vec<Entry>,
}

impl ToDo {
    /// Makes a list of tasks that have not begun, at minute 0.
    pub fn new(tasks: impl IntoIterator<Item = (&'static str, Task)>) -> Self {
        let entry = |(name, task)| Entry {
            name,
            task,
            asked: 0,
            due: 0,
        };
        ToDo {
            minute: 0,
            entries: tasks.into_iter().map(entry).collect(),
        }
    }

    /// Returns how many tasks have not ended.
    pub fn left(&self) -> usize {
        self.entries.len()
    }

    /// Returns what time it is.
    pub fn minute(&self) -> u32 {
        self.minute
    }

    /// Does what the human says, and prints what that leads to.
    ///
    /// # Errors
    ///
    /// What a task raised.
    pub fn obey(&mut self, word: &str) -> Result<(), Raised> {
        if word == "wait" {
            self.wait();
            return Ok(());
        }
        match self.entries.iter().position(|entry| entry.name == word) {
            Some(i) => self.resume(i),
            None => {
                println!("  `{word}`? Type the name of a task, or `wait`.");
                Ok(())
            }
        }
    }

    fn resume(&mut self, i: usize) -> Result<(), Raised> {
        let (now, entry) = (self.minute, &mut self.entries[i]);
        // A value that is sent before the task has begun reaches no yield.
        let step = match entry.task.state() {
            State::Created => entry.task.next(),
            _ => entry.task.send(now - entry.asked),
        };
        match step {
            Step::Yielded(minutes) => {
                (entry.asked, entry.due) = (now, now.saturating_add(minutes));
                println!("  Put {} back with delay {minutes}.", entry.name);
            }
            Step::Returned(value) => {
                println!("  Strike {} off: {value}.", entry.name);
                self.entries.remove(i);
            }
            Step::Raised(raised) => return Err(raised),
        }
        Ok(())
    }

    /// Lets time pass until a task is due, or by a minute if one is due already.
    fn wait(&mut self) {
        let due = self.entries.iter().map(|entry| entry.due).min();
        self.minute =
            due.unwrap_or_default().max(self.minute.saturating_add(1));
    }

    /// Prints the time and the list.
    pub fn print(&self) {
        let entry = |Entry { name, due, .. }: &Entry| match due {
            due if *due <= self.minute => format!("{name} now"),
            due => format!("{name} at {due}"),
        };
        let entries: Vec<String> = self.entries.iter().map(entry).collect();
        println!("minute {}: {}", self.minute, entries.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{laundry, tea};
    use super::*;
    use crate::coroutine::Coroutine;

    fn after(script: &str) -> ToDo {
        let tea = ("tea", Coroutine::new(tea));
        let laundry = ("laundry", Coroutine::new(laundry));
        let mut to_do = ToDo::new([tea, laundry]);
        for word in script.split(' ') {
            to_do.obey(word).unwrap();
        }
        to_do
    }

    fn due(to_do: &ToDo, name: &str) -> Option<u32> {
        let mut entries = to_do.entries.iter();
        entries.find(|entry| entry.name == name).map(|e| e.due)
    }

    #[test]
    fn resumed_too_early_a_task_asks_for_what_is_left() {
        assert_eq!(due(&after("tea"), "tea"), Some(2));
        assert_eq!(due(&after("tea tea tea"), "tea"), Some(2));
        // The laundry is due at once, so that `wait` is one minute.
        assert_eq!(due(&after("tea wait tea"), "tea"), Some(2));
        assert_eq!(due(&after("tea wait tea wait tea"), "tea"), Some(5));
    }

    #[test]
    fn waiting_stops_at_the_next_due_task() {
        assert_eq!(after("tea laundry wait").minute, 2);
        assert_eq!(after("tea laundry wait wait").minute, 3);
        assert_eq!(after("tea laundry wait tea wait").minute, 4);
    }

    #[test]
    fn a_task_that_has_returned_is_off_the_list() {
        let to_do = after("tea laundry wait tea wait laundry wait tea tea");
        assert_eq!(due(&to_do, "tea"), None);
        assert_eq!(due(&to_do, "laundry"), Some(7));
    }
}
