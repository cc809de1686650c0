//! std's threads, under the scheduler.

use std::panic::Location;

pub use shuttle::thread::{
    Thread, ThreadId, current, panicking, scope, yield_now,
};
pub use std::thread::Result;

use artifacts::schedules::{Op, Want};

use crate::trace;

/// What waits for a thread's end; see [`std::thread::JoinHandle`].
pub struct JoinHandle<T> {
    inner: shuttle::thread::JoinHandle<T>,
}

/// Starts a thread; see [`std::thread::spawn`].
#[track_caller]
pub fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    trace::note(Op::Spawn, Some(Location::caller()));
    let inner = shuttle::thread::spawn(work);
    JoinHandle { inner }
}

/// Starts a thread which a schedule calls by this name.
///
/// For checks, which have no use for a [`Builder`].
pub fn named<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let name = name.to_string();
    let inner = shuttle::thread::spawn(move || {
        trace::name(name);
        work()
    });
    JoinHandle { inner }
}

/// What a thread is made with; see [`std::thread::Builder`].
#[derive(Default)]
pub struct Builder(shuttle::thread::Builder);

impl Builder {
    /// Makes one without a name.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Gives the thread a name.
    pub fn name(self, name: String) -> Builder {
        Builder(self.0.name(name))
    }

    /// Starts the thread; that is no step.
    ///
    /// # Errors
    ///
    /// None: here there are always threads.
    pub fn spawn<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> std::io::Result<JoinHandle<T>> {
        let inner = self.0.spawn(work)?;
        Ok(JoinHandle { inner })
    }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end; see [`std::thread::JoinHandle::join`].
    ///
    /// # Errors
    ///
    /// It panicked; this is with what.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let at = Location::caller();
        // Threads are numbered in the order in which they are made.
        let thread = self.inner.thread().id().into();
        trace::wants(Want::End(thread), at);
        let result = self.inner.join();
        trace::note(Op::Join(thread), Some(at));
        result
    }

    /// Returns the thread, to wake it up.
    pub fn thread(&self) -> &Thread {
        self.inner.thread()
    }
}

/// Sleeps until woken, or for no reason; see [`std::thread::park`].
#[track_caller]
pub fn park() {
    let at = Location::caller();
    trace::note(Op::Park, Some(at));
    trace::wants(Want::Unpark, at);
    shuttle::thread::park();
    trace::goes_on();
}
