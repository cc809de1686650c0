//! std's locks and atomics, with std's names: each use is a step of the
//! schedule, and the scheduler may choose another thread there.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::time::Duration;

use shuttle::sync::WaitTimeoutResult;
pub use std::sync::{Arc, LockResult, PoisonError, Weak};

use crate::trace::{At, Id};

pub mod atomic;
mod rwlock;

pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What a reader sees of a value behind a lock.
pub trait Seen {
    /// Returns the value, in few words.
    fn seen(&self) -> String;
}

impl Seen for u64 {
    fn seen(&self) -> String {
        self.to_string()
    }
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

impl<T> Seen for VecDeque<T> {
    fn seen(&self) -> String {
        match self.len() {
            0 => "empty".to_string(),
            1 => "1 item".to_string(),
            n => format!("{n} items"),
        }
    }
}

/// One at a time; see [`std::sync::Mutex`]. Nothing is seen of its inside.
#[derive(Debug)]
pub struct Mutex<T> {
    inner: shuttle::sync::Mutex<T>,
    id: Id,
    seen: Option<fn(&T) -> String>,
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T> Mutex<T> {
    /// Makes a free lock.
    pub fn new(value: T) -> Mutex<T> {
        Mutex {
            id: Id::new("free"),
            inner: shuttle::sync::Mutex::new(value),
            seen: None,
        }
    }

    /// Waits for the lock; see [`std::sync::Mutex::lock`].
    ///
    /// # Errors
    ///
    /// A thread panicked while it held the lock; the guard is in the error.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let at = Location::caller();
        self.id.wants_lock(at);
        let locked = self.inner.lock();
        self.id.locked(locked.is_err(), at);
        self.guarded(locked, at)
    }

    /// Takes the lock if it is free; see [`std::sync::Mutex::try_lock`].
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let at = Location::caller();
        let Ok(inner) = self.inner.try_lock() else {
            self.id.busy(at);
            return None;
        };
        self.id.locked(false, at);
        self.guarded(Ok(inner), at).ok()
    }

    /// Returns the value: the owner of the lock needs no guard.
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }

    /// Wraps a guard, poisoned or not.
    fn guarded<'a>(
        &'a self,
        locked: LockResult<shuttle::sync::MutexGuard<'a, T>>,
        at: At,
    ) -> LockResult<MutexGuard<'a, T>> {
        locked
            .map(|inner| self.guard(inner, at))
            .map_err(|err| PoisonError::new(self.guard(err.into_inner(), at)))
    }

    fn guard<'a>(
        &'a self,
        inner: shuttle::sync::MutexGuard<'a, T>,
        at: At,
    ) -> MutexGuard<'a, T> {
        MutexGuard {
            inner: Some(inner),
            lock: self,
            at,
        }
    }
}

/// A lock whose inside is seen whenever it is free.
#[derive(Debug)]
pub struct TracedMutex<T>(Mutex<T>);

impl<T: Seen> TracedMutex<T> {
    /// Makes a free lock.
    pub fn new(value: T) -> TracedMutex<T> {
        TracedMutex(Mutex {
            id: Id::new(value.seen()),
            inner: shuttle::sync::Mutex::new(value),
            seen: Some(T::seen),
        })
    }

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    pub fn into_inner(self) -> LockResult<T> {
        self.0.into_inner()
    }
}

impl<T> Deref for TracedMutex<T> {
    type Target = Mutex<T>;

    fn deref(&self) -> &Mutex<T> {
        &self.0
    }
}

/// Gives the lock back when it is dropped; see [`std::sync::MutexGuard`].
#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    /// Only a wait on a condition variable takes it out.
    inner: Option<shuttle::sync::MutexGuard<'a, T>>,
    lock: &'a Mutex<T>,
    at: At,
}

impl<T> MutexGuard<'_, T> {
    fn seen(&self) -> Option<String> {
        self.lock.seen.map(|seen| seen(self))
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect("no wait has taken it")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect("no wait has taken it")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.inner.is_some() {
            let seen = self.seen();
            // Another thread may run before, and none after it.
            self.inner = None;
            self.lock.id.unlocked(self.at, seen);
        }
    }
}

/// A place to sleep until notified; see [`std::sync::Condvar`].
#[derive(Debug)]
pub struct Condvar {
    inner: shuttle::sync::Condvar,
    id: Id,
}

impl Default for Condvar {
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl Condvar {
    /// Makes one at which no thread sleeps.
    pub fn new() -> Condvar {
        Condvar {
            inner: shuttle::sync::Condvar::new(),
            id: Id::condvar(),
        }
    }

    /// Gives the lock back and sleeps; see [`std::sync::Condvar::wait`].
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    #[track_caller]
    pub fn wait<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let at = Location::caller();
        let lock = guard.lock;
        let inner = self.about_to_wait(guard, at);
        let locked = self.inner.wait(inner);
        self.id.woken(&lock.id, locked.is_err(), at);
        lock.guarded(locked, at)
    }

    /// As [`Condvar::wait`]: here no time ever comes to an end.
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let at = Location::caller();
        let lock = guard.lock;
        let inner = self.about_to_wait(guard, at);
        let waited = self.inner.wait_timeout(inner, limit);
        self.id.woken(&lock.id, waited.is_err(), at);
        waited
            .map(|(inner, result)| (lock.guard(inner, at), result))
            .map_err(|err| {
                let (inner, result) = err.into_inner();
                PoisonError::new((lock.guard(inner, at), result))
            })
    }

    fn about_to_wait<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        at: At,
    ) -> shuttle::sync::MutexGuard<'a, T> {
        let seen = guard.seen();
        self.id.about_to_wait(&guard.lock.id, seen, at);
        guard.inner.take().expect("no wait has taken it")
    }

    /// Sleeps while `condition` holds; see [`std::sync::Condvar::wait_while`].
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Wakes one sleeper; see [`std::sync::Condvar::notify_one`].
    #[track_caller]
    pub fn notify_one(&self) {
        self.inner.notify_one();
        self.id.notified(false, Location::caller());
    }

    /// Wakes all sleepers; see [`std::sync::Condvar::notify_all`].
    #[track_caller]
    pub fn notify_all(&self) {
        self.inner.notify_all();
        self.id.notified(true, Location::caller());
    }
}

/// Lets every thread pass: what a barrier makes certain is what a search looks
/// for by itself.
#[derive(Debug)]
pub struct Barrier;

impl Barrier {
    /// Makes one.
    pub fn new(_: usize) -> Barrier {
        Barrier
    }

    /// Goes on.
    pub fn wait(&self) {}
}
