//! A notification that wakes all. Yours to write.
//!
//! cargo xtask exercise ch04 bell

use std::pin::Pin;
use std::task::{Context, Poll};

use exercise_harness::sync::Mutex;

/// Rings once, for all who wait and all who come later.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<bool>,
}

impl Bell {
    /// Rings.
    pub fn ring(&self) {
        todo!("remember it, and wake who waits")
    }

    /// Returns a future that is ready when the bell has rung.
    pub fn heard(&self) -> Heard<'_> {
        Heard { bell: self }
    }
}

/// Ready when the bell has rung.
pub struct Heard<'a> {
    bell: &'a Bell,
}

impl Future for Heard<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        todo!("ready, or leave the waker of `cx` where `ring` finds it")
    }
}
