//! shuttle's tools, which also say who uses them, and at which line.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::LockResult;
use std::time::Duration;

use shuttle::sync::{self as real, WaitTimeoutResult};

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
    object: Option<usize>,
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
    inner: Option<real::MutexGuard<'a, T>>,
    lock: &'a Mutex<T>,
    line: u32,
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

pub struct Condvar {
    inner: real::Condvar,
    object: Option<usize>,
}

impl Condvar {
    pub fn new() -> Condvar {
        Condvar {
            inner: real::Condvar::new(),
            object: trace::made("nobody sleeps".to_string()),
        }
    }

    #[track_caller]
    pub fn wait<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let at = Location::caller();
        trace::drowsy(trace::Drowsy {
            bell: self.object,
            lock: guard.lock.object,
            line: at.line(),
        });
        let inner = guard.inner.take().expect("the guard is not dropped");
        let inner = self.inner.wait(inner).ok();
        trace::woken(self.object, guard.lock.object, at);
        Ok(MutexGuard {
            inner,
            lock: guard.lock,
            line: at.line(),
        })
    }

    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        // Nobody waits with a limit where schedules are recorded.
        let inner = guard.inner.take().expect("the guard is not dropped");
        let waited = self.inner.wait_timeout(inner, limit);
        let (inner, result) = waited.expect("nobody panics under a lock");
        let (lock, line) = (guard.lock, guard.line);
        let inner = Some(inner);
        Ok((MutexGuard { inner, lock, line }, result))
    }

    #[track_caller]
    pub fn notify_one(&self) {
        self.inner.notify_one();
        trace::rung(self.object, false, Location::caller());
    }

    #[track_caller]
    pub fn notify_all(&self) {
        self.inner.notify_all();
        trace::rung(self.object, true, Location::caller());
    }
}

/// A barrier that lets everybody pass: what it makes certain is looked for.
pub struct Barrier;

impl Barrier {
    pub fn new(_: usize) -> Barrier {
        Barrier
    }

    pub fn wait(&self) {}
}

pub mod atomic {
    use super::{Location, real, trace};
    pub use shuttle::sync::atomic::Ordering;

    pub struct AtomicU64(real::atomic::AtomicU64, Option<usize>);

    impl AtomicU64 {
        pub fn new(value: u64) -> AtomicU64 {
            let made = trace::made(value.to_string());
            AtomicU64(real::atomic::AtomicU64::new(value), made)
        }

        // shuttle knows one order for all threads, and no weaker ones.
        #[track_caller]
        pub fn load(&self, _: Ordering) -> u64 {
            let value = self.0.load(Ordering::SeqCst);
            let says = format!("loads {value}");
            trace::changed(self.1, Location::caller(), says, None);
            value
        }

        #[track_caller]
        pub fn store(&self, value: u64, _: Ordering) {
            self.0.store(value, Ordering::SeqCst);
            let (says, at) = (format!("stores {value}"), Location::caller());
            trace::changed(self.1, at, says, Some(value.to_string()));
        }

        #[track_caller]
        pub fn fetch_add(&self, n: u64, _: Ordering) -> u64 {
            let before = self.0.fetch_add(n, Ordering::SeqCst);
            let after = before + n;
            let says = format!("makes {before} {after}");
            let at = Location::caller();
            trace::changed(self.1, at, says, Some(after.to_string()));
            before
        }

        pub fn into_inner(self) -> u64 {
            self.0.into_inner()
        }
    }
}

pub mod thread {
    use super::{Location, trace};
    pub use shuttle::thread::{scope, yield_now};

    #[derive(Default)]
    pub struct Builder(shuttle::thread::Builder);

    impl Builder {
        pub fn new() -> Builder {
            Builder::default()
        }

        pub fn name(self, name: String) -> Builder {
            Builder(self.0.name(name))
        }

        pub fn spawn<T: Send + 'static>(
            self,
            work: impl FnOnce() -> T + Send + 'static,
        ) -> std::io::Result<JoinHandle<T>> {
            self.0.spawn(work).map(JoinHandle)
        }
    }

    pub struct JoinHandle<T>(shuttle::thread::JoinHandle<T>);

    impl<T> JoinHandle<T> {
        #[track_caller]
        pub fn join(self) -> std::thread::Result<T> {
            let at = Location::caller();
            let thread = number(&self.0);
            trace::wants_end(thread, at);
            let result = self.0.join();
            trace::saw_end(thread, at);
            result
        }
    }

    /// Threads are numbered in the order in which they are made.
    fn number<T>(handle: &shuttle::thread::JoinHandle<T>) -> usize {
        handle.thread().id().into()
    }
}
