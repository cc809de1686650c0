//! Many readers or one writer.

use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, PoisonError};

use artifacts::schedules::{Op, Want};

use crate::trace;

/// Many readers or one writer; see [`std::sync::RwLock`].
#[derive(Debug, Default)]
pub struct RwLock<T> {
    inner: shuttle::sync::RwLock<T>,
}

/// One reader's share of the lock.
pub struct RwLockReadGuard<'a, T> {
    inner: shuttle::sync::RwLockReadGuard<'a, T>,
}

/// The writer's lock.
pub struct RwLockWriteGuard<'a, T> {
    inner: shuttle::sync::RwLockWriteGuard<'a, T>,
}

impl<T> RwLock<T> {
    /// Makes a free lock.
    pub const fn new(value: T) -> RwLock<T> {
        RwLock {
            inner: shuttle::sync::RwLock::new(value),
        }
    }

    /// Waits until no thread writes; see [`std::sync::RwLock::read`].
    ///
    /// # Errors
    ///
    /// A writer panicked; the guard is in the error.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let at = Location::caller();
        trace::wants(Want::ReadLock, at);
        let locked = self.inner.read();
        trace::note(Op::ReadLock, Some(at));
        match locked {
            Ok(inner) => Ok(RwLockReadGuard { inner }),
            Err(poisoned) => Err(PoisonError::new(RwLockReadGuard {
                inner: poisoned.into_inner(),
            })),
        }
    }

    /// Waits until no thread reads or writes; see [`std::sync::RwLock::write`].
    ///
    /// # Errors
    ///
    /// As [`RwLock::read`].
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let at = Location::caller();
        trace::wants(Want::WriteLock, at);
        let locked = self.inner.write();
        trace::note(Op::WriteLock, Some(at));
        match locked {
            Ok(inner) => Ok(RwLockWriteGuard { inner }),
            Err(poisoned) => Err(PoisonError::new(RwLockWriteGuard {
                inner: poisoned.into_inner(),
            })),
        }
    }
}

impl<T> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        trace::note(Op::ReadUnlock, None);
    }
}

impl<T> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        trace::note(Op::WriteUnlock, None);
    }
}
