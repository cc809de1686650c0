//! A condition variable that says who sleeps and who rings.

use std::panic::Location;
use std::sync::LockResult;
use std::time::Duration;

use shuttle::sync::{self as real, WaitTimeoutResult};

use super::lock::MutexGuard;
use crate::trace;

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
