//! The character finder beside Python's table, and as a program.
//!
//! Asks 500 random queries of both. For a long run:
//!
//! FUZZ_QUERIES=100000 cargo test --release -p ch05-servers --test finder

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ch05_servers::finder::names::name;
use ch05_servers::finder::{Index, UNICODE, words};

/// How many random queries are asked of both, if no variable says another.
const AT_ONCE: usize = 500;

/// Prints its version of Unicode, then each code point that it knows with its
/// name, then for each line of its input those that have all its words: one
/// line each. A Python that does not know rule NR2 has no Tangut names.
const PYTHON: &str = r#"
import re, sys, unicodedata
def name(char):
    rule = "" if unicodedata.category(char) != "Lo" else (
        f"TANGUT IDEOGRAPH-{ord(char):X}" if "\U00017000" <= char < "\U00018800"
        or "\U00018d00" <= char < "\U00018d80" else "")
    return unicodedata.name(char, rule)
places, known = {}, []
for char in map(chr, range(sys.maxunicode + 1)):
    if unicodedata.category(char) not in ("Cn", "Cs"):
        known.append(f"{ord(char):X} {name(char)}")
        for word in re.split("[- ]", name(char)):
            places.setdefault(word, set()).add(ord(char))
print(unicodedata.unidata_version.split(".")[0])
print(*known, sep=";")
for line in sys.stdin.buffer.read().decode().splitlines():
    words = re.findall(r"[^\W_]+", line.upper())
    found = [places.get(word, set()) for word in words]
    print(*sorted(set.intersection(*found) if found else []))
"#;

/// Fails a test that hangs.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    within(Duration::from_secs(60), work)
}

fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(work()));
    rx.recv_timeout(limit).expect("ends")
}

fn finder(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch05-servers"));
    command.arg("finder").args(args);
    in_time(move || command.output().expect("the program was built"))
}

/// Returns the number that a variable of the environment has.
fn variable(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

/// Makes queries of no to four words in any case, between which there is
/// anything, some of which are in one name and some in none.
fn queries(index: &Index, count: usize) -> Vec<String> {
    let seed = variable("FUZZ_SEED").unwrap_or(42);
    let mut rng = fastrand::Rng::with_seed(seed);
    let all = index.top_words(usize::MAX);
    // Nearly all words are the number of one ideograph.
    let common: Vec<&str> = all
        .iter()
        .filter(|&&(_, count)| count > 1)
        .map(|&(word, _)| word)
        .collect();
    let between = [" ", "-", "  ", "\t", "_", "\u{feff}", "\u{301}", "'", "\0"];
    (0..count)
        .map(|_| {
            let word = common[rng.usize(..common.len())];
            let found: Vec<_> = index.find(word).iter().collect();
            let name = found[rng.usize(..found.len())].name();
            let of_name: Vec<String> = words(name).collect();
            let mut query = String::new();
            for _ in 0..rng.usize(..5) {
                let word = match rng.u8(..8) {
                    0 => common[rng.usize(..common.len())],
                    1 => all[rng.usize(..all.len())].0,
                    _ => &of_name[rng.usize(..of_name.len())],
                };
                for letter in word.chars() {
                    match rng.u8(..100) {
                        // A letter less, or another: of those that Rust's
                        // letters, by the property Alphabetic, share with
                        // Python's, by category.
                        0 => {}
                        1 => query.push(rng.char('a'..'\u{250}')),
                        2 => query.push('ẖ'),
                        n if n % 2 == 0 => query.push(letter),
                        _ => query.push(letter.to_ascii_lowercase()),
                    }
                }
                query += between[rng.usize(..between.len())];
            }
            // One line each, whatever is taken for the end of a line.
            query.retain(|c| c == '\t' || c == '\0' || !c.is_control());
            query.retain(|c| !matches!(c, '\u{2028}' | '\u{2029}'));
            query
        })
        .collect()
}

#[test]
fn needs_python3_all_names_and_random_queries_are_pythons() {
    let index = Index::new();
    let count = variable("FUZZ_QUERIES").map_or(AT_ONCE, |n| n as usize);
    let queries = queries(&index, count);
    let mut python = Command::new("python3")
        .args(["-c", PYTHON])
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut stdin = python.stdin.take().expect("a pipe");
    let lines = queries.join("\n") + "\n";
    // Python reads as it answers: a writer that writes all first may wait for
    // ever.
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    // A minute for Python's index, and a tenth of a second for each query.
    let limit = Duration::from_secs(60 + count as u64 / 10);
    let run = move || python.wait_with_output().expect("ends");
    let output = within(limit, run);
    writer.join().expect("no panic").expect("Python reads all");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut lines = text.lines();
    let number = |version: &str| -> u32 { version.parse().expect("a number") };
    let theirs = number(lines.next().expect("a version"));
    let (ours_is, _) = UNICODE.split_once('.').expect("a minor version");
    let ours_is = number(ours_is);

    let known: BTreeMap<char, &str> = lines
        .next()
        .expect("what Python knows")
        .split(';')
        .map(|line| {
            let (code, name) = line.split_once(' ').expect("two columns");
            let code = u32::from_str_radix(code, 16).expect("a number");
            (char::from_u32(code).expect("a character"), name)
        })
        .collect();
    assert!(known.len() > 100_000, "{}", known.len());
    for char in '\0'..=char::MAX {
        let ours = name(char).map(|name| name.to_string());
        match (known.get(&char), ours) {
            // Of the newer table's characters the older one knows nothing.
            (None, Some(_)) if theirs < ours_is => {}
            (Some(name), None) if theirs > ours_is && !name.is_empty() => {}
            (name, ours) => {
                let name = name.copied().unwrap_or_default();
                assert_eq!(name, ours.unwrap_or_default(), "{char:?}");
            }
        }
    }

    let mut found_some = 0;
    for query in &queries {
        let line = lines.next().unwrap_or_else(|| panic!("{query:?}"));
        let theirs: Vec<char> = line
            .split_whitespace()
            .map(|code| char::from_u32(code.parse().expect("a number")))
            .map(|char| char.expect("a character"))
            .filter(|&char| name(char).is_some())
            .collect();
        let ours: Vec<char> = index
            .find(query)
            .iter()
            .map(|character| character.char)
            .filter(|char| known.contains_key(char))
            .collect();
        assert_eq!(ours, theirs, "{query:?}");
        found_some += usize::from(!ours.is_empty());
    }
    assert_eq!(lines.next(), None);
    assert!(found_some > count / 4, "{found_some}");
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
