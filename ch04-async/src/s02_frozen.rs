//! A call that blocks stops every task of its thread.
//!
//! An `async fn` gives its thread back at an `.await` that has to wait, and
//! nowhere else. No keyword, type or warning marks a call that blocks.
//!
//! cargo run -p ch04-async -- frozen

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task;

use crate::s01_spinner::{Line, spin};

/// A prime that takes a moment: its square root is about 71 million.
pub const PRIME: u64 = 5_000_111_000_222_021;

/// Tells whether `n` is prime, by dividing it by every odd number in question.
pub fn is_prime(n: u64) -> bool {
    if n < 2 || n.is_multiple_of(2) {
        return n == 2;
    }
    (3..=n.isqrt()).step_by(2).all(|i| !n.is_multiple_of(i))
}
