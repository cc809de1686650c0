//! std's threads, under the scheduler of the check.

use std::panic::Location;

pub use shuttle::thread::{Thread, current, panicking, yield_now};
pub use std::thread::Result;

use crate::record;

/// What waits for a thread's end; see [`std::thread::JoinHandle`].
pub struct JoinHandle<T> {
    inner: shuttle::thread::JoinHandle<T>,
}

/// Starts a thread; see [`std::thread::spawn`].
#[track_caller]
pub fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    record::note("starts a thread", Some(Location::caller()));
    let inner = shuttle::thread::spawn(work);
    JoinHandle { inner }
}

/// Starts a thread which a schedule calls by this name.
///
/// For checks; std has `thread::Builder`.
pub fn named<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let name = name.to_string();
    let inner = shuttle::thread::spawn(move || {
        record::name(name);
        work()
    });
    JoinHandle { inner }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end; see [`std::thread::JoinHandle::join`].
    ///
    /// # Errors
    ///
    /// It panicked; this is with what.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let at = Some(Location::caller());
        let what = "waits for a thread's end";
        record::waiting(what, at, None, || self.inner.join())
    }

    /// Returns the thread, to wake it up.
    pub fn thread(&self) -> &Thread {
        self.inner.thread()
    }
}

/// Sleeps until woken, or for no reason; see [`std::thread::park`].
#[track_caller]
pub fn park() {
    let at = Some(Location::caller());
    record::note("parks", at);
    let what = "is parked and nobody wakes it";
    record::waiting(what, at, None, shuttle::thread::park);
}
