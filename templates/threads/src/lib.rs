//! Counts the words of files, each on a thread of its own.

use std::sync::mpsc;
use std::{fs, io, thread};

/// A file's name, and its number of words or the reason why there is none.
pub type Count = (String, io::Result<usize>);

/// Counts the words of all files. The results come as the threads finish.
pub fn count_files(paths: Vec<String>) -> impl Iterator<Item = Count> {
    let (sender, receiver) = mpsc::channel();
    for path in paths {
        let sender = sender.clone();
        thread::spawn(move || {
            let text = fs::read_to_string(&path);
            let count = text.map(|text| count_words(&text));
            // An error here: the receiver is gone, and so is the interest.
            sender.send((path, count)).ok();
        });
    }
    receiver.into_iter()
}

/// Counts the words of a text.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_line_ends_separate_words() {
        assert_eq!(count_words("  a plate\nspins "), 3);
    }

    #[test]
    fn a_missing_file_is_reported_with_its_name() {
        let counts: Vec<Count> =
            count_files(vec!["no such file".into()]).collect();
        assert_eq!(counts.len(), 1);
        assert_eq!(counts[0].0, "no such file");
        assert!(counts[0].1.is_err());
    }
}
