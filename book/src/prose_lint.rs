//! The words that the book's prose does without.
//!
//! A sentence names who or what acts: a thread, a task, the compiler, you. The
//! patterns below are those in which the actor, or the number, is missing.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

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

/// What is not prose: directives, code, comments, the targets of links.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    let aside = r"\{\{#.*?\}\}|`[^`]*`|<!--.*?-->|\]\([^)]*\)";
    Regex::new(aside).expect("a pattern of this file")
});

/// Finds these words in the pages, and in the notes and questions of the
/// sections.
pub fn check(root: &Path, pages: &Pages) -> Vec<Fault> {
    let mut faults = Vec::new();
    for page in pages.iter() {
        let mut fence = Fence::default();
        for (i, line) in page.text.lines().enumerate() {
            if !fence.covers(line) {
                look(&page.file, i + 1, line, &mut faults);
            }
        }
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
    faults
}

fn look(file: &str, line: usize, text: &str, faults: &mut Vec<Fault>) {
    let prose = ASIDE.replace_all(text, "``");
    for (pattern, advice) in COMPILED.iter() {
        for found in pattern.find_iter(&prose) {
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
