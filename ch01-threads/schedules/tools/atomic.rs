//! An atomic that says what is loaded and stored.

use std::panic::Location;

use shuttle::sync as real;

use crate::trace;

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
