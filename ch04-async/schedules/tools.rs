//! The section's tools, which also say who uses them, and at which line.

use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use crate::explore::choose;
use crate::trace;

pub struct Cell(std::cell::Cell<u32>);

impl Cell {
    pub fn new(value: u32) -> Cell {
        trace::made(&value.to_string());
        Cell(std::cell::Cell::new(value))
    }

    #[track_caller]
    pub fn get(&self) -> u32 {
        let (value, at) = (self.0.get(), Location::caller());
        trace::step(at.line(), &format!("reads {value}"));
        value
    }

    #[track_caller]
    pub fn set(&self, value: u32) {
        self.0.set(value);
        let (says, value) = (format!("writes {value}"), value.to_string());
        trace::change(Location::caller(), &says, &value);
    }
}

/// What a reader sees of a value behind a lock.
pub trait Seen {
    fn seen(&self) -> String;
}

impl Seen for u32 {
    fn seen(&self) -> String {
        self.to_string()
    }
}

impl Seen for [i32; 2] {
    fn seen(&self) -> String {
        format!("{} and {}", self[0], self[1])
    }
}

pub struct Mutex<T>(tokio::sync::Mutex<T>);

impl<T: Seen> Mutex<T> {
    pub fn new(value: T) -> Mutex<T> {
        trace::made(&value.seen());
        Mutex(tokio::sync::Mutex::new(value))
    }

    #[track_caller]
    pub fn lock(&self) -> impl Future<Output = MutexGuard<'_, T>> {
        let at = Location::caller();
        async move {
            let inner = self.0.lock().await;
            trace::locked(at);
            MutexGuard { inner, at }
        }
    }

    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

pub struct MutexGuard<'a, T: Seen> {
    inner: tokio::sync::MutexGuard<'a, T>,
    at: &'static Location<'static>,
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
        trace::unlocked(self.at, &self.inner.seen());
    }
}

/// Runs all futures, and takes turns with those that were woken.
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
        let done = turns.iter_mut().map(|turn| turn.done.take());
        let done: Option<Vec<_>> = done.collect();
        // What comes after all turns is nobody's turn.
        trace::turn(trace::OWNER);
        Poll::Ready(done.expect("nobody waits for ever here"))
    })
    .await
}

/// A future that gets its turn once it was woken.
pub struct Turn<F: Future> {
    future: Pin<Box<F>>,
    woken: Arc<Woken>,
    pub done: Option<F::Output>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<F: Future> Turn<F> {
    /// A future that nobody has polled is as good as woken.
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
    use super::{Location, trace};
    pub use tokio::task::spawn;

    /// Gives way, in one place of the program and in one of the log.
    #[track_caller]
    pub fn yield_now() -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            trace::step(at.line(), "gives way");
            tokio::task::yield_now().await;
        }
    }
}
