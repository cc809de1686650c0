//! No number without its source: finds quantities and comparisons in prose.
//!
//! What was measured is quoted by `{{#value}}`. A constant of a program stands
//! in a file that the page shows, and is looked up there. Everything else says
//! where it comes from, in a comment at the end of its line:
//! `<!-- claim: Beazley 2009, part 7 -->`.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use artifacts::room::Room;

use crate::directives::Fence;
use crate::fault::Fault;

/// Numbers that are written in words.
const WORDS: &[(&str, f64)] = &[
    ("half a", 0.5),
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("fifty", 50.0),
    ("a hundred", 100.0),
    ("a thousand", 1e3),
    ("a million", 1e6),
];

/// What one unit may be of another that a program counts in.
const SCALES: [f64; 9] = [
    1.0,
    1e-3,
    1e3,
    1e-6,
    1e6,
    60.0,
    1_024.0,
    1_048_576.0,
    1.0 / 1_024.0,
];

static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    let spelled = "nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|\
                   hours?|bytes?|kilobytes?|megabytes?|gigabytes?|per cent";
    let signs = "ns|µs|us|ms|s|B|KB|kB|KiB|MB|MiB|GB|GiB|MHz|GHz|%";
    regex(&format!(
        r"(?:^|[^\w.,])(?:([0-9][0-9,]*(?:\.[0-9]+)?)[ \u{{a0}}\u{{202f}}-]?(?:{spelled}|{signs})|(?i:({})) (?:{spelled}))(?:$|[^\w])",
        words.join("|")
    ))
});

static RATIO: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    regex(&format!(
        r"(?i)\b(?:(?:[0-9][0-9,.]*|{}|hundreds of|thousands of)[ -]times (?:as|faster|slower|longer|more|less|the|cheaper|quicker|that)|twice as|twice the|half as|half the time|tenfold|orders? of magnitude|[0-9.]+ ?×|requests (?:per|a) second)",
        words.join("|")
    ))
});

static FASTER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(?:faster|slower|quicker|cheaper) than\b"));

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[0-9][0-9_,]*(?:\.[0-9]+)?"));

/// What is no prose: directives, code, the targets of links.
static ASIDE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\{\{#.*?\}\}|`[^`]*`|\]\([^)]*\)"));

static FILES: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\{\{#(listing|pair|diff|run|outcomes|quiz) ([^}]*)\}\}")
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file, which a test compiles")
}

/// Finds the claims of a page that have no source.
pub fn check(root: &Path, file: &str, text: &str) -> Vec<Fault> {
    let known = numbers(root, text);
    let measured = text.contains("{{#measured") || text.contains("{{#value");
    let mut faults = Vec::new();
    let mut fence = Fence::default();
    for (i, line) in text.lines().enumerate() {
        if fence.covers(line) {
            continue;
        }
        let mut fault = |what: String| {
            faults.push(Fault::new(file, i + 1, what));
        };
        let (prose, reason) = match line.split_once("<!-- claim:") {
            Some((prose, rest)) => (prose, rest.strip_suffix("-->")),
            None => (line, None),
        };
        if prose.len() < line.len()
            && reason.is_none_or(|reason| reason.trim().is_empty())
        {
            fault(
                "`<!-- claim: … -->` needs a reason, and ends its line".into(),
            );
            continue;
        }
        match (claims(prose, &known, measured), reason) {
            (found, None) => {
                for claim in found {
                    fault(format!(
                        "`{claim}` is a claim: quote its record with \
                         `{{{{#value}}}}`, or say where it comes from with \
                         `<!-- claim: … -->`"
                    ));
                }
            }
            (found, Some(_)) if found.is_empty() => {
                fault("`<!-- claim: … -->`, and nothing is claimed".into());
            }
            (_, Some(reason)) => {
                // A file that is named must be there.
                let file = reason.trim().split([',', ' ']).next();
                let file = file.filter(|file| file.contains('/'));
                if let Some(file) = file.filter(|f| !root.join(f).is_file()) {
                    fault(format!("`<!-- claim: … -->`: no file {file}"));
                }
            }
        }
    }
    faults
}

/// Finds what is claimed in a line and is not in one of the page's files.
fn claims(prose: &str, known: &[f64], measured: bool) -> Vec<String> {
    let prose = ASIDE.replace_all(prose, "``");
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(claim) = QUANTITY.captures_at(&prose, from) {
        let number = claim.get(1).or(claim.get(2));
        // What ends one claim may begin the next.
        from = number.map_or(prose.len(), |number| number.end());
        let number = number.map_or("", |number| number.as_str());
        if !is_known(value(number), known) {
            let claim = claim[0]
                .trim_matches(|c: char| !(c.is_alphanumeric() || c == '%'));
            found.push(claim.to_string());
        }
    }
    found.extend(RATIO.find_iter(&prose).map(|m| m.as_str().to_string()));
    if !measured {
        found.extend(FASTER.find_iter(&prose).map(|m| m.as_str().to_string()));
    }
    found
}

fn value(number: &str) -> f64 {
    let lower = number.to_lowercase();
    let word = WORDS.iter().find(|(word, _)| *word == lower);
    let digits = || number.replace([',', '_'], "").parse();
    word.map_or_else(|| digits().unwrap_or(f64::NAN), |(_, value)| *value)
}

fn is_known(value: f64, known: &[f64]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
    SCALES
        .iter()
        .any(|scale| known.iter().any(|known| near(value * scale, *known)))
}

/// Returns the numbers in all files that a page shows: sources, transcripts and
/// their contracts.
fn numbers(root: &Path, text: &str) -> Vec<f64> {
    let mut numbers = Vec::new();
    for directive in FILES.captures_iter(text) {
        for what in directive[2].split('|') {
            let what = what.trim().trim_end_matches('\\').trim();
            let files = match (&directive[1], what.split_once('/')) {
                ("run" | "outcomes" | "quiz", Some(_)) => {
                    match Room::of_run(root, what) {
                        Ok((room, name)) => [
                            room.recorded(name, "txt"),
                            room.file("section.toml"),
                        ],
                        // It is the directive's fault.
                        Err(_) => Default::default(),
                    }
                }
                _ => {
                    let file = what.split(':').next().unwrap_or_default();
                    [file.trim().to_string(), String::new()]
                }
            };
            // A file that is missing is the directive's fault.
            let texts = files.iter().filter(|file| !file.is_empty());
            let texts =
                texts.flat_map(|file| fs::read_to_string(root.join(file)));
            for text in texts {
                // Behind the runs come quizzes and timelines.
                let runs = ["\n[quiz.", "\n[timeline."]
                    .iter()
                    .filter_map(|table| text.find(table))
                    .min();
                let text = &text[..runs.unwrap_or(text.len())];
                numbers
                    .extend(NUMBER.find_iter(text).map(|n| value(n.as_str())));
            }
        }
    }
    numbers.retain(|number| number.is_finite());
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(prose: &str) -> Vec<String> {
        claims(prose, &[50.0, 0.3, 4096.0], false)
    }

    #[test]
    fn quantities_and_ratios_are_claims() {
        assert_eq!(
            found("It takes 37 ms, or three seconds."),
            ["37 ms", "three seconds"]
        );
        assert_eq!(
            found("8.37 s, 4.51 s and 20 %"),
            ["8.37 s", "4.51 s", "20 %"]
        );
        assert_eq!(found("It is 3.8 times as fast."), ["3.8 times as"]);
        assert_eq!(found("Twice as fast, 6× that"), ["Twice as", "6×"]);
        assert_eq!(found("Rust is faster than that."), ["faster than"]);
    }

    #[test]
    fn a_number_from_the_pages_files_is_none() {
        assert_eq!(found("It waits 50 ms, 0.05 s or 300 ms."), [""; 0]);
        assert_eq!(found("A page has 4 KiB."), [""; 0]);
    }

    #[test]
    fn what_is_no_quantity_is_none() {
        for prose in [
            "`sleep(37 ms)` waits {{#value ch/x a.median}}",
            "a second core, as ever",
            "[37 ms](x37 ms) s".trim_start_matches("[37 ms]"),
            "chapter 4 says 5 things",
            "It costs {{#value ch/x a.ratio}} times as much.",
        ] {
            assert_eq!(found(prose), [""; 0], "{prose}");
        }
    }

    #[test]
    fn a_claim_passes_with_a_reason_and_a_reason_needs_a_claim() {
        let faults = |text: &str| {
            let faults = check(Path::new("/nonexistent"), "a.md", text);
            faults
                .into_iter()
                .map(|f| (f.line, f.what))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults("x\n\n37 ms <!-- claim: the kernel -->\n"), []);
        assert_eq!(faults("```sh\n37 ms\n```\n"), []);
        assert_eq!(faults("x\n\n37 ms\n")[0].0, 3);
        assert!(faults("37 ms <!-- claim: -->")[0].1.contains("a reason"));
        assert!(faults("x <!-- claim: y -->")[0].1.contains("nothing"));
        assert!(
            faults("37 ms <!-- claim: a/b.rs -->")[0]
                .1
                .contains("a/b.rs")
        );
    }
}
