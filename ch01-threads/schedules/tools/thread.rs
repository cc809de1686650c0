//! Threads whose end is seen.

use std::panic::Location;

use crate::trace;

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
