//! std's locks and atomics, with std's names: each use is a step of the
//! schedule, and the scheduler of the check may choose another thread there.

use std::ops::{Deref, DerefMut};
use std::panic::Location;

pub use std::sync::{Arc, LockResult, PoisonError, Weak};

use crate::record::{self, At};

pub mod atomic;
mod rwlock;

pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// One at a time; see [`std::sync::Mutex`].
#[derive(Debug, Default)]
pub struct Mutex<T> {
    inner: shuttle::sync::Mutex<T>,
}

/// Lets the lock go when it is dropped; see [`std::sync::MutexGuard`].
#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    /// Only a wait on a condition variable takes it out.
    inner: Option<shuttle::sync::MutexGuard<'a, T>>,
    address: usize,
}

impl<T> Mutex<T> {
    /// Makes a lock that nobody holds.
    pub const fn new(value: T) -> Mutex<T> {
        Mutex {
            inner: shuttle::sync::Mutex::new(value),
        }
    }

    /// Waits for the lock; see [`std::sync::Mutex::lock`].
    ///
    /// # Errors
    ///
    /// A thread panicked while it held the lock; the guard is in the error.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let at = Some(Location::caller());
        let address = &raw const self.inner as usize;
        let what = "waits for a lock";
        let locked =
            record::waiting(what, at, Some(address), || self.inner.lock());
        guarded(locked, address, at, "locks")
    }

    /// Takes the lock if it is free; see [`std::sync::Mutex::try_lock`].
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let at = Some(Location::caller());
        let address = &raw const self.inner as usize;
        let Ok(inner) = self.inner.try_lock() else {
            record::note("finds it locked", at);
            return None;
        };
        guarded(Ok(inner), address, at, "locks").ok()
    }

    /// Returns the value: who owns the lock needs no guard.
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }
}

/// Notes that a lock was taken and wraps its guard, poisoned or not.
fn guarded<'a, T>(
    locked: LockResult<shuttle::sync::MutexGuard<'a, T>>,
    address: usize,
    at: At,
    what: &'static str,
) -> LockResult<MutexGuard<'a, T>> {
    record::hold(address, at);
    let guard = |inner| MutexGuard {
        inner: Some(inner),
        address,
    };
    match locked {
        Ok(inner) => {
            record::note(what, at);
            Ok(guard(inner))
        }
        Err(poisoned) => {
            record::note("locks, and it is poisoned", at);
            Err(PoisonError::new(guard(poisoned.into_inner())))
        }
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
        if self.inner.take().is_some() {
            record::release(self.address);
            record::note("lets the lock go", None);
        }
    }
}

/// A place to sleep until notified; see [`std::sync::Condvar`].
#[derive(Debug, Default)]
pub struct Condvar {
    inner: shuttle::sync::Condvar,
}

impl Condvar {
    /// Makes one at which nobody sleeps.
    pub const fn new() -> Condvar {
        Condvar {
            inner: shuttle::sync::Condvar::new(),
        }
    }

    /// Lets the lock go and sleeps; see [`std::sync::Condvar::wait`].
    ///
    /// # Errors
    ///
    /// As [`Mutex::lock`].
    #[track_caller]
    pub fn wait<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let at = Some(Location::caller());
        let address = guard.address;
        let inner = guard.inner.take().expect("no wait has taken it");
        record::release(address);
        record::note("lets the lock go and waits", at);
        let what = "waits to be notified";
        let locked = record::waiting(what, at, None, || self.inner.wait(inner));
        guarded(locked, address, at, "wakes up and locks")
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
        record::note("notifies one", Some(Location::caller()));
    }

    /// Wakes all sleepers; see [`std::sync::Condvar::notify_all`].
    #[track_caller]
    pub fn notify_all(&self) {
        self.inner.notify_all();
        record::note("notifies all", Some(Location::caller()));
    }
}
