//! Calls that stay on one thread and need no system call.

use std::hint::black_box;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

/// Calls a function that the optimiser must not see through.
///
/// # Errors
///
/// None.
pub fn call(times: u32) -> io::Result<Duration> {
    let increment: fn(u32) -> u32 = black_box(|n| n + 1);
    let start = Instant::now();
    let mut n = 0;
    while n < times {
        n = increment(n);
    }
    Ok(start.elapsed())
}

/// Polls a future behind a pointer, which is ready each time.
///
/// # Errors
///
/// None.
pub fn poll(times: u32) -> io::Result<Duration> {
    let always = std::future::poll_fn(|_| std::task::Poll::Ready(()));
    let mut ready: Pin<Box<dyn Future<Output = ()>>> = Box::pin(always);
    let mut cx = Context::from_waker(Waker::noop());
    let start = Instant::now();
    for _ in 0..times {
        assert!(black_box(&mut ready).as_mut().poll(&mut cx).is_ready());
    }
    Ok(start.elapsed())
}

/// Takes a lock and gives it back.
///
/// # Errors
///
/// None.
pub fn lock(times: u32) -> io::Result<Duration> {
    let counter = Mutex::new(0);
    let start = Instant::now();
    for _ in 0..times {
        let lock = black_box(&counter).lock();
        *lock.unwrap_or_else(PoisonError::into_inner) += 1;
    }
    Ok(start.elapsed())
}
