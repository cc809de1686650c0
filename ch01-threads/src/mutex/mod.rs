//! A lock owns what it protects, and the guard is the `with` block.
//!
//! Python's `Lock` stands beside the data and trusts everybody to take it. In
//! Rust the data is inside: without the lock there is no way to it.
//!
//! cargo run -p ch01-threads -- mutex

use std::sync::Mutex;
use std::thread;

/// Two purses; what they hold together never changes.
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
            // Here a coin is missing; no other thread is ever here.
            self.right += 1;
        }
    }
}

/// Lets each thread pay so many coins while the caller counts them.
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

/// Moves 8,000 coins with eight threads.
pub fn demo() {
    let purses = Mutex::new(Purses {
        left: 8000,
        right: 0,
    });
    let (counted, wrong) = pay_and_count(&purses, 8, 1000);
    eprintln!("counted {counted} times meanwhile");
    println!("wrong sums: {wrong}");
    // Nobody else can hold the lock any more: no locking, no waiting.
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
}
