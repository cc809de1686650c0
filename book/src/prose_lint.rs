//! The words that the book's prose does without.
//!
//! A sentence names who or what acts: a thread, a task, the compiler, you. The
//! patterns below are those in which the actor, or the number, is missing. They
//! are looked for in pages, in what `section.toml`s and other TOML files say, in the comments of all Rust sources, and in the papers at the root.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::directives::Fence;
use crate::fault::Fault;
use crate::pages::Pages;

/// A pattern, and what to write instead.
const PATTERNS: &[(&str, &str)] = &[
    (
        r"(?:^|[.!?:] )(?:Who|Whoever)\b[^?]*(?:\.|$)",
        "name the actor: a thread, a task, a client, you",
    ),
    (
        r"\b(?i:nobody|somebody|everybody)\b",
        "name the thread, task or program",
    ),
    (r"\b(?i:so many|so much)\b", "say how many, or N"),
    (
        r"\b(?:is|are) told\b",
        "say what it gets: an error, a value",
    ),
    (r"\buntold\b", "write `by default`"),
    (r"\bany often\b", "write `as often as you like`"),
    (r"\bof another order\b", "say how much more"),
];

static COMPILED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compile = |(pattern, advice): &(&str, &'static str)| {
        let pattern = Regex::new(pattern);
        (pattern.expect("a pattern of this file"), *advice)
    };
    PATTERNS.iter().map(compile).collect()
});

/// Folders and files whose comments are still to be mended. A folder whose
/// entry is taken out is held to the patterns from then on.
const TO_DO: &[&str] = &[
    "ch01-threads",
    "ch02-processes",
    "ch03-generators",
    "ch04-async",
    "ch05-servers",
    "crates",
    "exercises",
    "xtask",
];

/// Files at the root that people read.
const PAPERS: &[&str] = &["README.md", "CONTRIBUTING.md"];

/// What is not prose: directives, code, comments, the targets of links.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    let aside = r"\{\{#.*?\}\}|`[^`]*`|<!--.*?-->|\]\([^)]*\)";
    Regex::new(aside).expect("a pattern of this file")
});

/// Finds these words in all that people read.
pub fn check(root: &Path, pages: &Pages) -> Vec<Fault> {
    let mut faults = Vec::new();
    for page in pages.iter() {
        paper(&page.file, &page.text, &mut faults);
        if !page.is_section() {
            continue;
        }
        let folder = page.file.trim_end_matches("page.md");
        let file = format!("{folder}section.toml");
        // A section without one is a fault of the layout.
        let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
        for (i, line) in text.lines().enumerate() {
            if ["note", "question", "title"]
                .iter()
                .any(|key| line.starts_with(key))
            {
                look(&file, i + 1, line, &mut faults);
            }
        }
    }
    for file in PAPERS {
        // The small books of the tests have none.
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        paper(file, &text, &mut faults);
    }
    let sources = files(root, "").into_iter().filter(|file| {
        let is_in = |folder: &&str| Path::new(file).starts_with(folder);
        !TO_DO.iter().any(is_in)
    });
    for file in sources {
        let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
        let blocks = match file.ends_with(".rs") {
            true => comments(&text),
            false => text.lines().map(str::to_string).enumerate().collect(),
        };
        for (line, block) in blocks {
            look(&file, line + 1, &block, &mut faults);
        }
    }
    faults
}

/// Looks at Markdown.
fn paper(file: &str, text: &str, faults: &mut Vec<Fault>) {
    let mut fence = Fence::default();
    for (i, line) in text.lines().enumerate() {
        if !fence.covers(line) {
            look(file, i + 1, line, faults);
        }
    }
}

/// Returns the Rust sources beneath a folder, and the TOML files of the exercises
/// and of the book.
fn files(root: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let path = match folder {
            "" => name.clone(),
            folder => format!("{folder}/{name}"),
        };
        let data = ["exercises/", "book/data/"];
        let says = path.ends_with(".toml")
            && data.iter().any(|folder| path.starts_with(folder));
        if is_dir && name != "target" && !name.starts_with('.') {
            found.extend(files(root, &path));
        } else if !is_dir && (path.ends_with(".rs") || says) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Returns the comments of a Rust source: the lines that follow each other are
/// one, because a sentence goes on from line to line.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    let mut fence = Fence::default();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let whole = ["//!", "///", "//"].iter().find_map(|mark| {
            line.strip_prefix(mark)
                .filter(|_| !line.starts_with("////"))
        });
        // A link's `//` has no blank before it.
        let behind = line.split_once("; // ").map(|(_, comment)| comment);
        let Some(comment) = whole.or(behind) else {
            open = false;
            continue;
        };
        let comment = comment.trim();
        if comment.is_empty() || fence.covers(comment) {
            open = false;
        } else if let (true, Some((_, block))) = (open, blocks.last_mut()) {
            block.push('\n');
            block.push_str(comment);
        } else {
            blocks.push((i, comment.to_string()));
            open = true;
        }
    }
    blocks
}

fn look(file: &str, line: usize, text: &str, faults: &mut Vec<Fault>) {
    // The lines of a block stay where they are, and its sentences are whole.
    let prose = ASIDE.replace_all(text, |aside: &Captures| {
        format!("``{}", "\n".repeat(aside[0].matches('\n').count()))
    });
    let whole = prose.replace('\n', " ");
    for (pattern, advice) in COMPILED.iter() {
        for found in pattern.find_iter(&whole) {
            let line = line + prose[..found.start()].matches('\n').count();
            let found = found.as_str().trim();
            let what = format!("`{found}`: {advice}");
            faults.push(Fault::new(file, line, what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        let mut faults = Vec::new();
        look("a.md", 1, text, &mut faults);
        faults.len()
    }

    #[test]
    fn sentences_without_an_actor_are_found() {
        for text in [
            "Who comes late waits.",
            "It waits. Whoever wakes it goes on.",
            "Nobody wakes it",
            "Only so many threads may enter.",
            "A thread is told to end.",
            "(200 untold)",
        ] {
            assert_eq!(found(text), 1, "{text}");
        }
    }

    #[test]
    fn a_sentence_of_a_comment_goes_on_from_line_to_line() {
        let lines = [
            "//! `a`",
            "//! A thread is",
            "//! told to end.",
            "",
            "/// ```",
            "/// // Nobody",
            "/// ```",
            &["let a = 1;", "// Nobody."].join(" "),
        ];
        let text = &lines.join("\n");
        let blocks = comments(text);
        let lines: Vec<usize> = blocks.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [0, 7]);
        let mut faults = Vec::new();
        for (line, block) in blocks {
            look("a.rs", line + 1, &block, &mut faults);
        }
        let lines: Vec<usize> = faults.iter().map(|f| f.line).collect();
        assert_eq!(lines, [2, 8]);
    }

    #[test]
    fn questions_code_and_claims_are_left_alone() {
        for text in [
            "Who wakes it?",
            "`nobody` is a user",
            "[x](nobody.md) <!-- claim: nobody -->",
            "A thread that comes late waits.",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }
}
