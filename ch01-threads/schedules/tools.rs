//! shuttle's tools, which also say who uses them, and at which line.

pub mod atomic;
mod bell;
mod lock;
pub mod thread;

pub use bell::Condvar;
pub use lock::{Glass, Mutex, MutexGuard};

/// A barrier that lets everybody pass: what it makes certain is looked for.
pub struct Barrier;

impl Barrier {
    pub fn new(_: usize) -> Barrier {
        Barrier
    }

    pub fn wait(&self) {}
}
