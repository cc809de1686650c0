//! `thread::scope`: it joins its threads, so they may borrow.
//!
//! A closure for `thread::spawn` must own its values, because the thread may
//! outlive its caller. A scope's threads cannot.
//!
//! cargo run -p ch01-threads -- scope

use std::thread;

/// Squares every number in place, with `threads` threads on one slice.
///
/// Each thread gets a piece of its own to write to. This compiles because
/// `chunks_mut` returns pieces that do not overlap.
///
/// # Panics
///
/// If `threads` is 0.
pub fn square(numbers: &mut [u64], threads: usize) {
    let piece = numbers.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for piece in numbers.chunks_mut(piece) {
            scope.spawn(move || {
                for n in piece {
                    *n *= *n;
                }
            });
        }
        // Python: the end of `with executor:`. It joins the threads.
    });
}

/// Squares ten numbers with three threads.
pub fn demo() {
    let mut numbers: Vec<u64> = (1..=10).collect();
    square(&mut numbers, 3);
    // The borrows ended with the scope, so that this compiles.
    println!("{numbers:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_threads_than_numbers_are_no_harm() {
        let mut numbers = [3];
        square(&mut numbers, 8);
        assert_eq!(numbers, [9]);
    }

    #[test]
    fn no_numbers_are_no_harm() {
        square(&mut [], 2);
    }
}
