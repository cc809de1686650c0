//! Who is woken looks again: `while`, not `if`.
//!
//! A condition variable says that something may have changed. A queue for two
//! threads is the smallest thing that waits for one, and the pool's heart.
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

    /// Puts an item at the end and wakes one who waits.
    pub fn put(&self, item: T) {
        // No panic can leave a deque half-changed: poison means nothing here.
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
            // Gives the lock back while it waits, and has it again afterwards.
            items = self
                .arrived
                .wait(items)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the first item, or what there is after being woken: perhaps none.
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

    /// Wakes everybody, though nothing has arrived.
    ///
    /// It stands for what happens by itself: the system may wake a thread for
    /// no reason, and another may have taken the item first.
    pub fn ring(&self) {
        self.arrived.notify_all();
    }
}

/// Wakes two threads for nothing and shows what each takes.
pub fn demo() {
    let queue = Queue::<&str>::empty();
    thread::scope(|scope| {
        let once = scope.spawn(|| queue.take_broken());
        while !once.is_finished() {
            queue.ring();
            thread::yield_now();
        }
        let item = once.join().expect("nothing panics");
        println!("`if`: woken, took {item:?}");

        let looking = scope.spawn(|| queue.take());
        for _ in 0..1000 {
            queue.ring();
            thread::yield_now();
        }
        println!("`while`: woken, is_finished: {}", looking.is_finished());
        queue.put("a plate");
        let item = looking.join().expect("nothing panics");
        println!("`while`: took {item:?}");
    });
}
