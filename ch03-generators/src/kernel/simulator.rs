//! Another scheduler for the same tasks: a clock that jumps, and an order that
//! a seed decides.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::os::{Os, Shared, routine};
use super::scheduler::Halt;
use super::table::{Clock, Table};
use super::trap::{Failure, Tid};
use crate::coroutine::Raised;

/// For how many rounds the clock stands still while tasks are ready.
///
/// A task that pauses in a loop is ready for ever, and time would never move.
const ROUNDS: usize = 1_000;

/// Runs tasks in simulated time, in an order of its own.
///
/// Nothing in it takes time. When no task is ready, the clock goes to when the
/// first sleeper is due. It also does so after 1,000 rounds of tasks that are
/// always ready, so that a task may wait in a loop. Blocking work is done on the
/// spot. There is no network.
pub struct Simulator {
    table: Table,
    shared: Shared,
    /// Decides which task is next. 0 means in turn.
    seed: u64,
}

impl Simulator {
    /// Makes a simulator without tasks. Each seed is another order; 0 is the
    /// scheduler's own, each task in turn.
    pub fn new(seed: u64) -> Self {
        let woken = Rc::new(RefCell::default());
        Simulator {
            table: Table::new(Clock::Simulated(Duration::ZERO)),
            shared: Shared { woken, net: None },
            seed,
        }
    }

    /// Makes a task.
    pub fn spawn<F>(&mut self, body: impl FnOnce(Os) -> F) -> Tid
    where
        F: Future<Output = Result<(), Raised>> + 'static,
    {
        self.table.spawn(routine(&self.shared, body), None)
    }

    /// Says what to do with a failure that no task waits for. Without this it is
    /// printed to stderr.
    pub fn on_unseen(&mut self, unseen: impl FnMut(Tid, &Failure) + 'static) {
        self.table.unseen = Box::new(unseen);
    }

    /// Returns the simulated time.
    pub fn now(&self) -> Duration {
        self.table.now()
    }

    /// Runs until all tasks have ended.
    ///
    /// # Errors
    ///
    /// [`Halt::Stuck`]: they wait for each other.
    pub fn run(&mut self) -> Result<(), Halt> {
        // How many turns are left in this round, in which each task that was
        // ready has one; and how many rounds there were since the clock moved.
        let (mut turns, mut rounds) = (0, 0);
        while self.table.len() > 0 {
            for tid in self.shared.woken.borrow_mut().drain(..) {
                self.table.wake_up(tid);
            }
            if turns == 0 {
                turns = self.table.ready.len();
                rounds += 1;
            }
            let first = self.table.timers.first().copied();
            let stands_still = rounds > ROUNDS && first.is_some();
            if !stands_still && let Some(tid) = self.next() {
                turns -= 1;
                if let Some(job) = self.table.turn(tid) {
                    job();
                    self.table.wake_up(tid);
                }
            } else if let Some((due, _)) = first {
                self.table.clock = Clock::Simulated(due);
                self.table.wake_due();
                (turns, rounds) = (0, 0);
            } else {
                return Err(Halt::Stuck(self.table.tids()));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<Tid> {
        if self.seed == 0 {
            return self.table.ready.pop_front();
        }
        // A linear congruential generator, whose high bits are the good ones.
        // Source: Knuth, MMIX.
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let ready = self.table.ready.len().max(1);
        let chosen = (self.seed >> 33) as usize % ready;
        self.table.ready.remove(chosen)
    }
}
