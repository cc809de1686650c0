//! `Condvar`: a woken thread re-checks the condition, with `while`, not `if`.
//!
//! A notification says that the condition may have changed. This queue is the
//! smallest program that waits for one; a thread pool is built around it.
//!
//! cargo run -p ch01-threads -- condvar

use std::collections::VecDeque;
use std::thread;

use super::sync::{Condvar, Mutex, PoisonError};

/// Items on their way from one thread to another.
pub struct Queue<T> {
    items: Mutex<VecDeque<T>>,
    arrived: Condvar,
}

impl<T> Queue<T> {
    /// Makes one with nothing in it.
    pub fn empty() -> Queue<T> {
        Queue {
            items: Mutex::new(VecDeque::new()),
            arrived: Condvar::new(),
        }
    }

    /// Puts an item at the end and wakes one waiting thread.
    pub fn put(&self, item: T) {
        // No panic can leave the deque half changed, so poison is ignored.
        let mut items =
            self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.push_back(item);
        self.arrived.notify_one();
    }

    /// Takes the first item, and waits for one if there is none.
    pub fn take(&self) -> T {
        let mut items =
            self.items.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(item) = items.pop_front() {
                return item;
            }
            // `wait` releases the lock while it sleeps, and takes it again.
            items = self
                .arrived
                .wait(items)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the first item after one wake-up, without a re-check, or none.
    pub fn take_broken(&self) -> Option<T> {
        let mut items =
            self.items.lock().unwrap_or_else(PoisonError::into_inner);
        if items.is_empty() {
            items = self
                .arrived
                .wait(items)
                .unwrap_or_else(PoisonError::into_inner);
        }
        items.pop_front()
    }

    /// Wakes all waiting threads without adding an item.
    ///
    /// It plays the part of a spurious wakeup, or of another thread that took
    /// the item first, so that the fault shows on every run.
    pub fn wake_all(&self) {
        self.arrived.notify_all();
    }
}

/// Wakes two threads without an item, and prints what each takes.
pub fn demo() {
    let queue = Queue::<&str>::empty();
    thread::scope(|scope| {
        let once = scope.spawn(|| queue.take_broken());
        while !once.is_finished() {
            queue.wake_all();
            thread::yield_now();
        }
        let item = once.join().expect("nothing panics");
        println!("`if`: woken, took {item:?}");

        let looking = scope.spawn(|| queue.take());
        for _ in 0..1000 {
            queue.wake_all();
            thread::yield_now();
        }
        println!("`while`: woken, is_finished: {}", looking.is_finished());
        queue.put("a plate");
        let item = looking.join().expect("nothing panics");
        println!("`while`: took {item:?}");
    });
}
