//! What async costs a program: the functions that wait, twice.
//!
//! A blocking function cannot await, and an async one must not block: what
//! waits has a colour. What does not wait has none, and is shared. Counted in
//! the downloader, whose source this section reads.
//!
//! cargo run -p ch04-async -- colour

use std::collections::HashMap;

/// The parts that threads and tasks share.
pub const SHARED: [&str; 11] = [
    include_str!("../flags/body.rs"),
    include_str!("../flags/cli.rs"),
    include_str!("../flags/client.rs"),
    include_str!("../flags/codes.rs"),
    include_str!("../flags/error.rs"),
    include_str!("../flags/follow.rs"),
    include_str!("../flags/job.rs"),
    include_str!("../flags/names.rs"),
    include_str!("../flags/report.rs"),
    include_str!("../flags/retry.rs"),
    include_str!("../flags/save.rs"),
];
/// The parts that block: one flag, and the engine of threads.
pub const BLOCKING: [&str; 2] = [
    include_str!("../flags/fetch_blocking.rs"),
    include_str!("../flags/threads.rs"),
];
/// The parts that await: one flag, and the engine of tasks.
pub const AWAITING: [&str; 2] = [
    include_str!("../flags/fetch_async.rs"),
    include_str!("../flags/concurrent.rs"),
];

/// Returns a file's lines of code: no comments, no tests, nothing empty.
pub fn code(file: &str) -> impl Iterator<Item = &str> {
    file.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
}

/// Counts the lines that two files have in common, each as often as in both.
pub fn in_common(one: &str, other: &str) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in code(one) {
        *left.entry(line).or_default() += 1;
    }
    code(other)
        .filter(|line| match left.get_mut(line) {
            Some(n @ 1..) => {
                *n -= 1;
                true
            }
            _ => false,
        })
        .count()
}

fn lines(files: &[&str]) -> usize {
    files.iter().map(|file| code(file).count()).sum()
}

/// Counts the downloader's lines by their colour.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, on all or nothing; Bob Nystrom,
/// "What Color is Your Function?" (2015).
pub fn demo() {
    println!("shared: {} lines", lines(&SHARED));
    println!("for threads only: {} lines", lines(&BLOCKING));
    println!("for tasks only: {} lines", lines(&AWAITING));
    let [blocking, _] = BLOCKING;
    let [awaiting, _] = AWAITING;
    println!("one flag, blocking: {} lines", lines(&[blocking]));
    println!("one flag, awaiting: {} lines", lines(&[awaiting]));
    println!("  alike in both: {} lines", in_common(blocking, awaiting));
    let colour = |line: &&str| line.contains(".await") || is_async(line);
    let coloured = code(awaiting).filter(colour).count();
    println!("  with async or await: {coloured} lines");
}

fn is_async(line: &str) -> bool {
    line.split(' ').any(|word| word == "async")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_of_the_downloader_has_no_colour() {
        assert!(lines(&SHARED) > 2 * (lines(&BLOCKING) + lines(&AWAITING)));
    }

    #[test]
    fn comments_tests_and_empty_lines_are_no_code() {
        let file = "//! A\n\nfn f() {\n    // B\n}\n\n#[cfg(test)]\nmod tests";
        assert_eq!(code(file).collect::<Vec<_>>(), ["fn f() {", "}"]);
    }

    #[test]
    fn a_line_that_is_there_twice_counts_twice_at_most() {
        assert_eq!(in_common("a\na\nb", "a\na\na\nc"), 2);
    }
}
