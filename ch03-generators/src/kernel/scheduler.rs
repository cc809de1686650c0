//! The scheduler at work: each task in turn, real time, real sockets.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mio::Waker;

use super::net::Poller;
use super::os::{Os, Shared, routine};
use super::queue::Woken;
use super::socket::Listener;
use super::table::{Clock, Table};
use super::trap::{Failure, Tid};
use super::workers::Workers;
use crate::coroutine::Raised;

/// How many turns it takes until the sockets are looked at again, if there is
/// always a task ready. Each look is a system call.
const TURNS: u32 = 64;

/// Runs tasks in turn.
pub struct Scheduler {
    table: Table,
    poller: Poller,
    workers: Workers,
    shared: Shared,
    rung: Arc<AtomicBool>,
}

/// Why a scheduler stopped before all its tasks had ended.
#[derive(Debug)]
pub enum Halt {
    /// These wait for each other, and nothing is left to wake them.
    Stuck(Vec<Tid>),
    /// The system refuses to say what is ready, or to start a thread.
    System(io::Error),
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Halt::Stuck(tids) => {
                f.write_str("nothing can wake")?;
                tids.iter().try_for_each(|tid| write!(f, " {tid}"))
            }
            Halt::System(err) => err.fmt(f),
        }
    }
}

impl std::error::Error for Halt {}

impl From<io::Error> for Halt {
    fn from(err: io::Error) -> Self {
        Halt::System(err)
    }
}

/// Wakes the scheduler from another thread, a signal handler's for one; see
/// [`Os::rung`].
#[derive(Clone)]
pub struct Doorbell {
    rung: Arc<AtomicBool>,
    waker: Arc<Waker>,
}

impl Doorbell {
    /// Rings, and wakes the scheduler if it sleeps.
    pub fn ring(&self) {
        // Pairs with the load in `look`: what was done before it is seen there.
        self.rung.store(true, Ordering::Release);
        // Fails only if the scheduler is gone.
        self.waker.wake().ok();
    }
}

impl Scheduler {
    /// Makes a scheduler without tasks.
    ///
    /// # Errors
    ///
    /// The system's, which may be out of file descriptors.
    pub fn new() -> io::Result<Self> {
        let woken: Woken = Rc::new(RefCell::default());
        let poller = Poller::new(&woken)?;
        let net = Some(poller.net.clone());
        Ok(Scheduler {
            table: Table::new(Clock::Real(Instant::now())),
            workers: Workers::new(poller.waker.clone()),
            poller,
            shared: Shared { woken, net },
            rung: Arc::default(),
        })
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

    /// Returns a doorbell, which other threads can ring.
    pub fn doorbell(&self) -> Doorbell {
        Doorbell {
            rung: self.rung.clone(),
            waker: self.poller.waker.clone(),
        }
    }

    /// Listens at `address`, for tasks that are not made yet.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn listen(&self, address: SocketAddr) -> io::Result<Listener> {
        Listener::bind(&self.shared, address)
    }

    /// Returns how many tasks and how many sockets there are.
    pub fn load(&self) -> (usize, usize) {
        (self.table.len(), self.poller.net.len())
    }

    /// Runs until all tasks have ended.
    ///
    /// # Errors
    ///
    /// Why it cannot go on. The tasks stay where they are.
    pub fn run(&mut self) -> Result<(), Halt> {
        self.run_while(|table| table.len() > 0)
    }

    /// Runs until task `main` has ended, whether the others have or not.
    ///
    /// # Errors
    ///
    /// Why it cannot go on. The tasks stay where they are.
    pub fn run_main(&mut self, main: Tid) -> Result<(), Halt> {
        self.run_while(|table| table.has(main))
    }

    fn run_while(
        &mut self,
        going: impl Fn(&Table) -> bool,
    ) -> Result<(), Halt> {
        let mut turns = 0;
        while going(&self.table) {
            self.admit();
            let Some(tid) = self.table.ready.pop_front() else {
                self.idle()?;
                continue;
            };
            if let Some(job) = self.table.turn(tid) {
                self.workers.submit(tid, job)?;
            }
            turns += 1;
            if turns == TURNS {
                turns = 0;
                self.look(Some(Duration::ZERO))?;
            }
        }
        Ok(())
    }

    /// Makes the tasks ready that other tasks have woken.
    fn admit(&mut self) {
        let mut woken = self.shared.woken.borrow_mut();
        for tid in woken.drain(..) {
            self.table.wake_up(tid);
        }
    }

    /// Sleeps until a task may be ready, when none is.
    fn idle(&mut self) -> Result<(), Halt> {
        if self.table.outside == 0 {
            return Err(Halt::Stuck(self.table.tids()));
        }
        let next = self.table.timers.first();
        let limit = next.map(|(due, _)| due.saturating_sub(self.table.now()));
        self.look(limit)
    }

    /// Asks for news from outside.
    fn look(&mut self, limit: Option<Duration>) -> Result<(), Halt> {
        if self.poller.poll(limit)? {
            for tid in self.workers.finished() {
                self.table.wake_up(tid);
            }
            if self.rung.load(Ordering::Acquire) {
                self.poller.net.rung.set(true);
                self.poller.net.bell.wake_all();
            }
        }
        self.table.wake_due();
        Ok(())
    }
}
