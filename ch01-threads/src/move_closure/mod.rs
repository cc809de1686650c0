//! `move`: a closure that owns its variables may outlive the function that
//! started its thread.
//!
//! Without `move` the closure borrows, and the compiler refuses it:
//! `src/move_closure/refused.rs`.
//!
//! cargo run -p ch01-threads -- move-closure

use std::thread;

/// Counts the words of a text in a second thread, which gets the text.
pub fn count_words(text: String) -> usize {
    let counter = thread::spawn(move || text.split_whitespace().count());
    counter.join().expect("counting does not panic")
}

/// Starts three threads that return a number each: the loop's variable.
pub fn numbers() -> Vec<u32> {
    let threads: Vec<_> = (0..3).map(|n| thread::spawn(move || n)).collect();
    threads
        .into_iter()
        .map(|thread| thread.join().expect("returning does not panic"))
        .collect()
}

/// Counts words in a clone of a text, and keeps the text.
pub fn demo() {
    let text = String::from("a cup of tea");
    // The clone moves into the thread, the original stays here.
    let words = count_words(text.clone());
    println!("{words} words in {text:?}");
    println!("numbers: {:?}", numbers());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_counts_what_it_was_given() {
        assert_eq!(count_words("  two words ".to_string()), 2);
        assert_eq!(count_words(String::new()), 0);
    }
}
