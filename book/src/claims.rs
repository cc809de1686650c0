//! Requires a source for every quantity and comparison in the prose.
//!
//! A measured number is quoted with `{{#value}}`. The line of any other claim
//! ends in a comment that says where the number comes from:
//! `<!-- claim: Beazley 2009, part 7 -->`. If the source is a file of the
//! workspace, the comment quotes the code that has the number:
//! ``<!-- claim: ch01-threads/src/spinner/mod.rs, `from_millis(100)` -->``.
//! The file has to contain each quotation, so that a page whose constant has
//! changed does not pass. A comment gives several sources with `;` between them.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, bail};
use regex::Regex;

use crate::directives::Fence;
use crate::fault::Fault;

/// Numbers that are written in words.
const WORDS: &str = "half an?|one|two|three|four|five|six|seven|eight|nine|ten|\
                     eleven|twelve|fifteen|twenty|thirty|fifty|a hundred|\
                     a thousand|a million";

/// What a claim's comment begins with; it ends its line.
const COMMENT: &str = "<!-- claim:";

static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    let spelled = "nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|\
                   hours?|bytes?|kilobytes?|megabytes?|gigabytes?|per cent";
    let signs = "ns|µs|us|ms|s|B|KB|kB|KiB|MB|MiB|GB|GiB|MHz|GHz|%";
    regex(&format!(
        r"(?:^|[^\w.,])(?:([0-9][0-9,]*(?:\.[0-9]+)?)[ \u{{a0}}\u{{202f}}-]?(?:{spelled}|{signs})|(?i:({WORDS})) (?:{spelled}))(?:$|[^\w])"
    ))
});

static RATIO: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"(?i)\b(?:(?:[0-9][0-9,.]*|{WORDS}|hundreds of|thousands of)[ -]times (?:as|faster|slower|longer|more|less|the|cheaper|quicker|that)|twice as|twice the|half as|half the time|tenfold|orders? of magnitude|[0-9.]+ ?×|requests (?:per|a) second)"
    ))
});

static FASTER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(?:faster|slower|quicker|cheaper) than\b"));

/// What is not prose: directives, code, the targets of links.
static ASIDE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\{\{#.*?\}\}|`[^`]*`|\]\([^)]*\)"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file, which a test compiles")
}

/// Finds the claims of a page that have no source, and sources that do not have
/// what they are quoted for.
pub fn check(root: &Path, file: &str, text: &str) -> Vec<Fault> {
    let measured = text.contains("{{#measured") || text.contains("{{#value");
    let mut faults = Vec::new();
    let mut fence = Fence::default();
    for (i, line) in text.lines().enumerate() {
        // A drawing's sizes are no claims.
        if fence.covers(line) || line.starts_with("<svg") {
            continue;
        }
        let mut fault = |what: String| {
            faults.push(Fault::new(file, i + 1, what));
        };
        let Some((prose, comment)) = line.split_once(COMMENT) else {
            for claim in claims(line, measured) {
                fault(format!(
                    "`{claim}` is a claim: quote its record with \
                     `{{{{#value}}}}`, or say where it comes from with \
                     `{COMMENT} … -->`"
                ));
            }
            continue;
        };
        match comment.strip_suffix("-->").map(str::trim) {
            None | Some("") => {
                fault(format!(
                    "`{COMMENT} … -->` needs a source, and ends its line"
                ));
            }
            // A quotation of a file is checked whether or not it is of a number.
            Some(sources)
                if !sources.contains('/')
                    && claims(prose, measured).is_empty() =>
            {
                fault(format!("`{COMMENT} … -->`, and nothing is claimed"));
            }
            Some(sources) => {
                let mut is_quoted = false;
                let sources = sources.split(|c| {
                    is_quoted ^= c == '`';
                    c == ';' && !is_quoted
                });
                for source in sources.map(str::trim) {
                    if let Err(what) = check_source(root, source) {
                        fault(format!("`{COMMENT} … -->`: {what:#}"));
                    }
                }
            }
        }
    }
    faults
}

/// Returns a line of a page without its claim's comment, which is for writers.
pub fn without_comment(line: &str) -> &str {
    let prose = line.split_once(COMMENT).map_or(line, |(prose, _)| prose);
    prose.trim_end()
}

/// Checks a source that begins with a file: the file has to contain what is
/// quoted between backticks.
fn check_source(root: &Path, source: &str) -> Result<()> {
    let first = source.split([',', ' ']).next().unwrap_or_default();
    if !first.contains('/') {
        return Ok(());
    }
    let text = fs::read_to_string(root.join(first))
        .with_context(|| first.to_string())?;
    let mut quotations = source.split('`').skip(1).step_by(2).peekable();
    if quotations.peek().is_none() {
        bail!("quote, in backticks, what {first} says");
    }
    match quotations.find(|quotation| !text.contains(quotation)) {
        Some(quotation) => Err(anyhow!("{first} does not say `{quotation}`")),
        None => Ok(()),
    }
}

/// Finds the quantities and comparisons in a line.
fn claims(prose: &str, measured: bool) -> Vec<String> {
    let prose = ASIDE.replace_all(prose, "``");
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(claim) = QUANTITY.captures_at(&prose, from) {
        // The character that ends one claim may begin the next.
        let number = claim.get(1).or(claim.get(2));
        from = number.map_or(prose.len(), |number| number.end());
        let claim =
            claim[0].trim_matches(|c: char| !(c.is_alphanumeric() || c == '%'));
        found.push(claim.to_string());
    }
    found.extend(RATIO.find_iter(&prose).map(|m| m.as_str().to_string()));
    if !measured {
        found.extend(FASTER.find_iter(&prose).map(|m| m.as_str().to_string()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(prose: &str) -> Vec<String> {
        claims(prose, false)
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
        assert_eq!(found("A page has 4 KiB."), ["4 KiB"]);
        assert_eq!(found("It is 3.8 times as fast."), ["3.8 times as"]);
        assert_eq!(found("Twice as fast, 6× that"), ["Twice as", "6×"]);
        assert_eq!(found("Rust is faster than that."), ["faster than"]);
    }

    #[test]
    fn code_links_and_plain_counts_are_no_claims() {
        for prose in [
            "`sleep(37 ms)` waits {{#value ch/x a.median}}",
            "a second core, as ever",
            "](x37 ms) s",
            "chapter 4 says 5 things",
            "It costs {{#value ch/x a.ratio}} times as much.",
        ] {
            assert_eq!(found(prose), [""; 0], "{prose}");
        }
    }

    /// Checks a page of a workspace with one file, `src/a.rs`.
    fn faults(text: &str) -> Vec<(usize, String)> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        let source = "const FRAMES: [u64; 2] = [37, from_millis(37)];\n";
        fs::write(root.path().join("src/a.rs"), source).unwrap();
        let faults = check(root.path(), "a.md", text);
        faults.into_iter().map(|f| (f.line, f.what)).collect()
    }

    #[test]
    fn a_claim_needs_a_source_and_a_source_a_claim() {
        assert_eq!(faults("x\n\n37 ms <!-- claim: the kernel -->\n"), []);
        assert_eq!(faults("```sh\n37 ms\n```\n"), []);
        assert_eq!(faults("x\n\n37 ms\n")[0].0, 3);
        assert!(faults("37 ms <!-- claim: -->")[0].1.contains("a source"));
        assert!(faults("x <!-- claim: y -->")[0].1.contains("nothing"));
        assert_eq!(faults("x <!-- claim: src/a.rs, `FRAMES` -->"), []);
        assert_eq!(faults("<svg width=\"100%\"></svg>"), []);
    }

    #[test]
    fn a_file_has_to_say_what_it_is_quoted_for() {
        for (source, what) in [
            ("src/a.rs, `from_millis(37)`", ""),
            ("src/a.rs, `[u64; 2]`; the kernel", ""),
            ("src/a.rs", "quote"),
            (
                "src/a.rs, `from_millis(38)`",
                "does not say `from_millis(38)`",
            ),
            ("the kernel; src/b.rs, `FRAMES`", "src/b.rs: "),
        ] {
            let faults = faults(&format!("37 ms <!-- claim: {source} -->"));
            assert_eq!(faults.len(), usize::from(!what.is_empty()), "{source}");
            assert!(faults.iter().all(|f| f.1.contains(what)), "{faults:?}");
        }
    }

    #[test]
    fn the_comment_of_a_claim_is_not_in_the_book() {
        assert_eq!(without_comment("37 ms. <!-- claim: y -->"), "37 ms.");
        assert_eq!(without_comment("37 ms.  "), "37 ms.");
    }
}
