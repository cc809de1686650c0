//! A `Mutex` owns what it protects, and its guard is the `with` block.
//!
//! Python's `Lock` stands beside the data, and a thread that forgets it reaches
//! the data all the same. In Rust the data is inside the lock.
//!
//! cargo run -p ch01-threads -- mutex

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

/// Adds 1 twice under a lock, in one thread; returns the total.
pub fn alone() -> u64 {
    let total = Mutex::new(0);
    {
        let mut guard = total.lock().expect("adding does not panic");
        *guard += 1;
        *guard += 1;
        // The guard is dropped here, which releases the lock.
    }
    total.into_inner().expect("adding does not panic")
}

/// Adds 1 in each of `threads` threads, `times` times; returns the total.
pub fn count(threads: u64, times: u64) -> u64 {
    let total = Arc::new(Mutex::new(0));
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            let total = Arc::clone(&total);
            thread::spawn(move || {
                for _ in 0..times {
                    *total.lock().expect("adding does not panic") += 1;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().expect("adding does not panic");
    }
    *total.lock().expect("adding does not panic")
}

/// Adds 1 in each thread, but releases the lock in between: returns 1.
pub fn count_broken(threads: usize) -> u64 {
    let shared = Arc::new((Mutex::new(0), Barrier::new(threads)));
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (total, all_have_read) = &*shared;
                let seen = *total.lock().expect("reading does not panic");
                // The guard lived to the end of its statement: the lock is
                // free, and every thread reads 0 before the first one writes.
                all_have_read.wait();
                *total.lock().expect("writing does not panic") = seen + 1;
            })
        })
        .collect();
    for worker in workers {
        worker.join().expect("adding does not panic");
    }
    *shared.0.lock().expect("adding does not panic")
}

/// Two purses; their sum never changes.
#[derive(Debug)]
pub struct Purses {
    left: u64,
    right: u64,
}

impl Purses {
    /// Moves one coin, if there is one to move.
    pub fn pay(&mut self) {
        if self.left > 0 {
            self.left -= 1;
            // Here a coin is missing; the lock keeps other threads out.
            self.right += 1;
        }
    }
}

/// Lets each thread pay `coins` coins while the caller counts them.
///
/// Returns how often it counted, and how often the sum was wrong.
pub fn pay_and_count(
    purses: &Mutex<Purses>,
    threads: usize,
    coins: usize,
) -> (u32, u32) {
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..coins {
                    // The guard lives to the end of the statement.
                    purses.lock().expect("paying does not panic").pay();
                }
            });
        }
        let (mut counted, mut wrong) = (0, 0);
        loop {
            // The guard lives to the end of the loop's body, or `drop`.
            let purses = purses.lock().expect("paying does not panic");
            counted += 1;
            wrong += u32::from(purses.left + purses.right != 8000);
            if purses.left == 0 {
                return (counted, wrong);
            }
        }
    })
}

/// Adds with one thread and with eight, and moves 8,000 coins.
pub fn demo() {
    println!("one thread: {} of 2", alone());
    println!("let go in between: {} of 8", count_broken(8));
    println!("locked while adding: {} of 8000", count(8, 1000));

    let purses = Mutex::new(Purses {
        left: 8000,
        right: 0,
    });
    let (counted, wrong) = pay_and_count(&purses, 8, 1000);
    eprintln!("counted {counted} times meanwhile");
    println!("wrong sums: {wrong}");
    // No other thread can hold the lock any more: no locking, no waiting.
    println!("{:?}", purses.into_inner().expect("paying does not panic"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_coin_is_paid_twice_or_lost() {
        // Ten coins fewer than the threads would pay.
        let (left, coins) = (7990, 1000);
        let right = 8000 - left;
        let purses = Mutex::new(Purses { left, right });
        assert_eq!(pay_and_count(&purses, 8, coins).1, 0);
        assert_eq!(purses.into_inner().unwrap().right, 8000);
    }

    #[test]
    fn a_lock_given_back_in_between_loses_all_but_one() {
        assert_eq!(count_broken(5), 1);
    }

    #[test]
    fn a_lock_held_while_adding_loses_nothing() {
        assert_eq!(count(8, 2000), 16_000);
    }
}
