//! The character finder beside Python's table, and as a program.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ch05_servers::finder::{Index, words};

/// Prints the code points that Python knows, then for each line of its input
/// those that have all its words: one line each.
const PYTHON: &str = r#"
import re, sys, unicodedata
places = {}
known = []
for code in range(sys.maxunicode + 1):
    if name := unicodedata.name(chr(code), ""):
        known.append(code)
        for word in re.split("[- ]", name):
            places.setdefault(word, set()).add(code)
print(*known)
for line in sys.stdin:
    found = (places.get(word, set()) for word in line.split())
    print(*sorted(set.intersection(*found)))
"#;

/// Fails a test that hangs.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(work()));
    rx.recv_timeout(Duration::from_secs(60)).expect("ends")
}

fn finder(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch05-servers"));
    command.arg("finder").args(args);
    in_time(move || command.output().expect("the program was built"))
}

/// Makes five hundred queries of one or two words, some of which are in one
/// name and some in none.
fn queries(index: &Index) -> Vec<String> {
    let mut rng = fastrand::Rng::with_seed(42);
    let all = index.top_words(usize::MAX);
    // Nearly all words are the number of one ideograph.
    let common: Vec<&str> = all
        .iter()
        .filter(|&&(_, count)| count > 1)
        .map(|&(word, _)| word)
        .collect();
    (0..500)
        .map(|i| {
            let word = common[rng.usize(..common.len())];
            let found: Vec<_> = index.find(word).iter().collect();
            let name = found[rng.usize(..found.len())].name();
            let of_name: Vec<String> = words(name).collect();
            match i % 4 {
                0 => word.to_string(),
                1 => format!("{word} {}", common[rng.usize(..common.len())]),
                2 => all[rng.usize(..all.len())].0.to_string(),
                _ => format!("{word} {}", of_name[rng.usize(..of_name.len())]),
            }
        })
        .collect()
}

#[test]
fn needs_python3_five_hundred_queries_find_what_python_finds() {
    let index = Index::new();
    let queries = queries(&index);
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut stdin = python.stdin.take().expect("a pipe");
    let lines = queries.join("\n") + "\n";
    // Python reads as it answers: whoever writes all first may wait for ever.
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = in_time(move || python.wait_with_output().expect("ends"));
    writer.join().expect("no panic").expect("Python reads all");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let mut lines = text.lines().map(|line| {
        let codes = line.split_whitespace();
        codes
            .map(|code| char::from_u32(code.parse().expect("a number")))
            .map(|char| char.expect("a character"))
            .collect::<Vec<char>>()
    });
    let known = lines.next().expect("what Python knows");
    assert!(known.len() > 100_000, "{}", known.len());

    let mut found_some = 0;
    for query in &queries {
        let theirs = lines.next().unwrap_or_else(|| panic!("{query}"));
        let ours = index.find(query);
        let ours: Vec<char> = ours
            .iter()
            .map(|character| character.char)
            .filter(|char| known.binary_search(char).is_ok())
            .collect();
        assert_eq!(ours, theirs, "{query}");
        found_some += usize::from(!ours.is_empty());
    }
    assert_eq!(lines.next(), None);
    assert!(found_some > 250, "{found_some}");
}

#[test]
fn a_query_is_its_arguments_and_nothing_found_is_an_answer() {
    let text = |args| String::from_utf8(finder(args).stdout).expect("UTF-8");
    let smiling = text(&["smiling", "CAT"]);
    assert_eq!(smiling, text(&["cat-smiling"]));
    assert_eq!(smiling.lines().count(), 4);
    let none = finder(&["elephant", "cat"]);
    assert_eq!(none.stdout, b"0 found in Unicode 17.0\n");
    assert_eq!(none.status.code(), Some(0));
}

#[test]
fn a_query_without_a_word_is_wrong_usage() {
    for args in [&[""][..], &["-"], &["\x1b[31m", "--no"], &["\u{202e}"]] {
        let run = finder(args);
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(run.stdout.is_empty(), "{args:?}");
        assert!(run.stderr.starts_with(b"error: "), "{args:?}");
        assert!(!run.stderr.contains(&0x1b), "{args:?}");
        assert_eq!(run.stderr.iter().filter(|&&b| b == 0xe2).count(), 0);
    }
}
