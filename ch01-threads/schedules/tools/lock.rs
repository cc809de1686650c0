//! Locks, and guards that say when they end.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::LockResult;

use shuttle::sync as real;

use crate::trace;

/// What a reader sees of a value.
pub trait Seen {
    fn seen(&self) -> String;
}

impl Seen for u64 {
    fn seen(&self) -> String {
        self.to_string()
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

pub struct Mutex<T> {
    inner: real::Mutex<T>,
    pub(super) object: Option<usize>,
    seen: fn(&T) -> String,
}

impl<T> Mutex<T> {
    /// Makes a lock of whose inside nothing is seen.
    pub fn new(value: T) -> Mutex<T> {
        Mutex::seen_by(value, |_| "free".to_string())
    }

    fn seen_by(value: T, seen: fn(&T) -> String) -> Mutex<T> {
        Mutex {
            object: trace::made(seen(&value)),
            inner: real::Mutex::new(value),
            seen,
        }
    }

    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let at = Location::caller();
        trace::wants(self.object, at);
        // No thread panics under a lock here: what panics is a deadlock.
        let inner = self.inner.lock().ok();
        trace::locked(self.object, at);
        Ok(MutexGuard {
            inner,
            lock: self,
            line: at.line(),
        })
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.inner.into_inner()
    }
}

/// A lock whose inside is seen whenever it is free.
pub struct Glass<T>(Mutex<T>);

impl<T: Seen> Glass<T> {
    pub fn new(value: T) -> Glass<T> {
        Glass(Mutex::seen_by(value, T::seen))
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.0.into_inner()
    }
}

impl<T> Deref for Glass<T> {
    type Target = Mutex<T>;
    fn deref(&self) -> &Mutex<T> {
        &self.0
    }
}

pub struct MutexGuard<'a, T> {
    /// `None` while the guard is being dropped or waits.
    pub(super) inner: Option<real::MutexGuard<'a, T>>,
    pub(super) lock: &'a Mutex<T>,
    pub(super) line: u32,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.inner.as_ref().expect("the guard is not dropped")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect("the guard is not dropped")
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        let Some(inner) = self.inner.take() else {
            return;
        };
        let value = (self.lock.seen)(&inner);
        // Another thread may run before, and none after it.
        drop(inner);
        // A deadlock that is torn down is no step of the program.
        if !std::thread::panicking() {
            trace::unlocked(self.lock.object, self.line, value);
        }
    }
}
