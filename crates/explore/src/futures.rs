//! Polls the futures of one thread in every order in which an executor could.
//!
//! An executor may poll the futures that were woken in any order. Here each
//! order has its turn, depth first.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use artifacts::schedules::Op;

use crate::record::{Ended, Explored};
use crate::sync::Seen;
use crate::trace::{self, At, Id};

/// The choices of the schedule that runs: what was chosen, of how many.
#[derive(Default)]
struct Choices {
    made: Vec<(usize, usize)>,
    next: usize,
}

thread_local! {
    static CHOICES: RefCell<Choices> = RefCell::default();
}

/// Chooses one of so many; over all schedules, each of them.
pub fn choose(of: usize) -> usize {
    CHOICES.with_borrow_mut(|choices| {
        if choices.next == choices.made.len() {
            choices.made.push((0, of));
        }
        let (chosen, _) = choices.made[choices.next];
        choices.next += 1;
        chosen
    })
}

impl Choices {
    /// Goes on to the next schedule: changes the last choice that can be.
    fn advance(&mut self) -> bool {
        self.next = 0;
        while let Some((chosen, of)) = self.made.pop() {
            if chosen + 1 < of {
                self.made.push((chosen + 1, of));
                return true;
            }
        }
        false
    }
}

/// Runs a program in every order of turns. Of what it makes, the first `named`
/// have a name.
pub fn explore(named: usize, program: fn() -> Ended) -> Explored {
    let mut explored = Explored::default();
    loop {
        trace::begin(Some(named));
        trace::turn(0);
        explored.begun += 1;
        let ended = program();
        explored.add(trace::current(), ended);
        if !CHOICES.with_borrow_mut(Choices::advance) {
            return explored;
        }
    }
}

/// A value that futures of one thread share; see [`std::cell::Cell`].
pub struct Cell {
    inner: std::cell::Cell<u32>,
    id: Id,
}

impl Cell {
    /// Makes one with this value.
    pub fn new(value: u32) -> Cell {
        let id = Id::new(value.to_string());
        let inner = std::cell::Cell::new(value);
        Cell { inner, id }
    }

    /// Reads it.
    #[track_caller]
    pub fn get(&self) -> u32 {
        let value = self.inner.get();
        let op = Op::Read(value.to_string());
        self.id.step(op, Location::caller(), None);
        value
    }

    /// Writes it.
    #[track_caller]
    pub fn set(&self, value: u32) {
        self.inner.set(value);
        let value = value.to_string();
        let op = Op::Write(value.clone());
        self.id.step(op, Location::caller(), Some(value));
    }
}

/// One future at a time; see [`tokio::sync::Mutex`].
pub struct Mutex<T> {
    inner: tokio::sync::Mutex<T>,
    id: Id,
}

impl<T: Seen> Mutex<T> {
    /// Makes a free lock.
    pub fn new(value: T) -> Mutex<T> {
        let id = Id::new(value.seen());
        let inner = tokio::sync::Mutex::new(value);
        Mutex { inner, id }
    }

    /// Waits for the lock.
    #[track_caller]
    pub fn lock(&self) -> impl Future<Output = MutexGuard<'_, T>> {
        let at = Location::caller();
        async move {
            let inner = self.inner.lock().await;
            self.id.locked(false, at);
            let id = &self.id;
            MutexGuard { inner, id, at }
        }
    }

    /// Returns the value: who owns the lock needs no guard.
    pub fn into_inner(self) -> T {
        self.inner.into_inner()
    }
}

/// Gives the lock back when it is dropped.
pub struct MutexGuard<'a, T: Seen> {
    inner: tokio::sync::MutexGuard<'a, T>,
    id: &'a Id,
    at: At,
}

impl<T: Seen> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: Seen> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: Seen> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.id.unlocked(self.at, Some(self.inner.seen()));
    }
}

/// Runs all futures, and gives turns to those that were woken. What comes
/// after all turns is the turn of one more: the poller of this one.
pub async fn join_all<F: Future>(
    futures: impl IntoIterator<Item = F>,
) -> Vec<F::Output> {
    let mut turns: Vec<Turn<F>> = futures.into_iter().map(Turn::new).collect();
    std::future::poll_fn(|_| {
        loop {
            let ready = |i: &usize| turns[*i].can_go_on();
            let ready: Vec<usize> = (0..turns.len()).filter(ready).collect();
            if ready.is_empty() {
                break;
            }
            let next = ready[choose(ready.len())];
            trace::turn(next);
            turns[next].poll();
        }
        trace::turn(turns.len());
        let done = turns.iter_mut().map(|turn| turn.done.take());
        let done: Option<Vec<_>> = done.collect();
        Poll::Ready(done.expect("no future waits for ever here"))
    })
    .await
}

/// A future that gets its turn once it was woken.
pub struct Turn<F: Future> {
    future: Pin<Box<F>>,
    woken: Arc<Woken>,
    /// What it has returned.
    pub done: Option<F::Output>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<F: Future> Turn<F> {
    /// Wraps a future; one that was never polled is as good as woken.
    pub fn new(future: F) -> Turn<F> {
        Turn {
            future: Box::pin(future),
            woken: Arc::new(Woken(AtomicBool::new(true))),
            done: None,
        }
    }

    /// Says whether it was woken and is not done.
    pub fn can_go_on(&self) -> bool {
        self.done.is_none() && self.woken.0.load(Ordering::Relaxed)
    }

    /// Gives it its turn.
    pub fn poll(&mut self) {
        self.woken.0.store(false, Ordering::Relaxed);
        let waker = Waker::from(Arc::clone(&self.woken));
        let turn = self.future.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(output) = turn {
            self.done = Some(output);
        }
    }
}

pub mod task {
    //! Tasks that are futures of one thread.

    use std::panic::Location;

    use artifacts::schedules::Op;
    pub use tokio::task::spawn;

    use crate::trace;

    /// Gives way, in one place of the program and in one of the trace.
    #[track_caller]
    pub fn yield_now() -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            trace::note(Op::Yield, Some(at));
            tokio::task::yield_now().await;
        }
    }
}
