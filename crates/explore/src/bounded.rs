//! Every schedule with so many preemptions, depth first.
//!
//! A preemption takes the processor from a thread that could go on. Few are
//! enough for most faults, and keep the number of schedules, and what a reader
//! has to follow, small (Musuvathi and Qadeer 2007).

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// Chooses who is next, until all choices have been made.
pub struct Bounded {
    /// How many preemptions a schedule may have.
    bound: usize,
    /// How many steps all schedules may have together.
    limit: usize,
    steps: usize,
    schedules: usize,
    depth: usize,
    levels: Vec<Level>,
}

/// One choice on the way of the current schedule.
struct Level {
    /// The next thread; before it, in reverse, the others that could be. And
    /// what each costs: 1 if it preempts, or wakes up for no reason.
    options: Vec<(TaskId, usize)>,
    /// What the choices up to here have cost.
    spent: usize,
}

impl Level {
    fn chosen(&self) -> Option<TaskId> {
        self.options.last().map(|(task, _)| *task)
    }

    fn spent_after(&self) -> usize {
        self.spent + self.options.last().map_or(0, |(_, cost)| *cost)
    }
}

impl Bounded {
    /// Bounds the preemptions of each schedule, and the steps of all.
    pub fn new(bound: usize, limit: usize) -> Bounded {
        Bounded {
            bound,
            limit,
            steps: 0,
            schedules: 0,
            depth: 0,
            levels: Vec::new(),
        }
    }

    /// Counts the schedules that were begun.
    pub fn schedules(&self) -> usize {
        self.schedules
    }

    /// Says whether there were more than it had steps for.
    pub fn is_cut_off(&self) -> bool {
        self.steps > self.limit
    }
}

impl Scheduler for Bounded {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.schedules > 0 {
            // Another choice at the deepest place that has one.
            while let Some(level) = self.levels.last_mut() {
                level.options.pop();
                if !level.options.is_empty() {
                    break;
                }
                self.levels.pop();
            }
            if self.levels.is_empty() {
                return None;
            }
        }
        if self.steps > self.limit {
            return None;
        }
        self.schedules += 1;
        self.depth = 0;
        Some(Schedule::new(0))
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        let depth = self.depth;
        self.depth += 1;
        self.steps += 1;
        if let Some(level) = self.levels.get(depth) {
            return level.chosen();
        }
        let spent = self.levels.last().map_or(0, Level::spent_after);
        let waits = |task: &&&Task| task.blocked();
        let awake = runnable.iter().filter(|task| !waits(task));
        let awake: Vec<TaskId> = awake.map(|task| task.id()).collect();
        // `park` may return for no reason.
        let parked = runnable.iter().filter(waits).map(|task| (task.id(), 1));
        let could_go_on = current.filter(|task| awake.contains(task));
        let mut options: Vec<(TaskId, usize)> = match could_go_on {
            // A thread that gives way is not next, and its neighbour is: a loop
            // that does so would be the only one to run.
            Some(current) if is_yielding && awake.len() > 1 => {
                let at = awake.iter().position(|task| *task == current);
                let after = at.map_or(0, |at| at + 1);
                let turns = awake.iter().cycle().skip(after);
                let others = turns.take(awake.len() - 1).enumerate();
                others
                    .map(|(i, task)| (*task, usize::from(i > 0)))
                    .collect()
            }
            Some(current) => {
                let others = awake.iter().filter(|task| **task != current);
                let others = others.map(|task| (*task, 1));
                [(current, 0)].into_iter().chain(others).collect()
            }
            None => awake.iter().map(|task| (*task, 0)).collect(),
        };
        options.extend(parked);
        let bound = self.bound;
        // One thread has to be next, even if it is one too many.
        let first = options[0];
        options.retain(|(_, cost)| spent + cost <= bound);
        if options.is_empty() {
            options.push(first);
        }
        options.reverse();
        let level = Level { options, spent };
        let chosen = level.chosen();
        self.levels.push(level);
        chosen
    }

    fn next_u64(&mut self) -> u64 {
        // Nothing here is left to chance.
        0
    }
}
