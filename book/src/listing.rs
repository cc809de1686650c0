//! Listings: a source file, or items of it, alone or in pairs.

use std::fs;
use std::path::{Component, Path};

use crate::html::escape;
use crate::items::{find, split, without_tests};
use anyhow::{Context, Result, bail};

/// How many lines a page shows at once, at most.
const MOST_LINES: usize = 40;

/// The chapters whose pages keep to [`MOST_LINES`].
const SHORT: &[&str] = &["ch03-generators/"];

/// Refuses a listing that is too long to be read at once.
///
/// # Errors
///
/// It has more lines, and is of a chapter that keeps to the limit.
pub(crate) fn check_length(path: &str, lines: usize) -> Result<()> {
    let kept = SHORT.iter().any(|chapter| path.starts_with(chapter));
    if kept && lines > MOST_LINES {
        bail!(
            "{path}: {lines} lines at once, {MOST_LINES} at most: show one \
             item or method at a time, as `Type::method`"
        );
    }
    Ok(())
}

/// Part of a source file, ready to be shown.
#[derive(Debug)]
pub struct Listing {
    pub(crate) path: String,
    python: bool,
    pub(crate) code: String,
    /// Where in the file it starts.
    line: usize,
}

impl Listing {
    /// Reads what a directive asks for: `FILE` or `FILE: ITEM, ITEM`. An item may
    /// be a member: `Table::turn`, or `Queue.pop` in Python.
    ///
    /// # Errors
    ///
    /// No such file; no such item, or two of that name.
    pub fn read(root: &Path, wanted: &str) -> Result<Self> {
        let (path, names) = match wanted.split_once(':') {
            Some((path, names)) => (path.trim(), Some(names)),
            None => (wanted.trim(), None),
        };
        let text = read(root, path)?;
        let python = path.ends_with(".py");
        let lines: Vec<&str> = text.lines().collect();
        let items = split(&lines, python);
        let (line, code) = match names {
            None => (0, without_tests(&lines, &items)),
            Some(names) => {
                let found: Result<Vec<_>, _> = at_commas(names)
                    .into_iter()
                    .map(|name| find(&lines, &items, name, path))
                    .collect();
                let found = found?;
                let line = found.first().map_or(0, |(line, _)| *line);
                let texts: Vec<_> =
                    found.into_iter().map(|(_, text)| text).collect();
                (line, texts.join("\n\n"))
            }
        };
        Ok(Listing {
            path: path.to_string(),
            python,
            line: line + 1,
            code,
        })
    }

    /// Returns the listing, unless it is too long for a page.
    ///
    /// # Errors
    ///
    /// It has too many lines.
    pub fn short(self) -> Result<Self> {
        check_length(&self.path, self.code.lines().count())?;
        Ok(self)
    }

    /// Returns the listing as a figure whose caption is the file's path.
    pub fn figure(&self) -> String {
        let (label, class) = match self.python {
            true => ("Python", "python"),
            false if self.path.ends_with(".rs") => ("Rust", "rust"),
            false if self.path.ends_with(".toml") => ("TOML", "toml"),
            false => ("Text", "plaintext"),
        };
        format!(
            "<figure class=\"listing\"><figcaption>\
             <span class=\"label\">{label}</span> {}</figcaption>\
             <pre tabindex=\"0\"><code class=\"language-{class}\">{}&#10;\
             </code></pre></figure>",
            self.link(),
            escape(&self.code)
        )
    }

    /// Returns the file's path, which leads to the whole file.
    pub(crate) fn link(&self) -> String {
        let path = escape(&self.path);
        format!(
            "<a {}{path}.html#L{}\"><code>{}</code></a>",
            crate::files::MARK,
            self.line,
            // A long path is broken between folders.
            path.replace('/', "/<wbr>")
        )
    }

    /// Counts the columns of the longest line.
    fn columns(&self) -> usize {
        let longest = self.code.lines().map(|line| line.chars().count()).max();
        longest.unwrap_or_default().clamp(40, 80)
    }
}

/// Returns two listings side by side, each as wide as its code needs.
///
/// # Errors
///
/// As [`Listing::read`]; or the first is not Python and the second not Rust.
pub fn pair(root: &Path, wanted: &str) -> Result<String> {
    let Some((left, right)) = wanted.split_once('|') else {
        bail!("a pair is two listings with `|` between them");
    };
    // In a table's cell the bar has to be written with a backslash.
    let left = left.trim().trim_end_matches('\\');
    let left = Listing::read(root, left)?.short()?;
    let right = Listing::read(root, right.trim())?.short()?;
    if !left.python || right.python {
        bail!("in a pair the Python listing stands first");
    }
    let (l, r) = (left.columns(), right.columns());
    // From which width on they fit beside each other: accessibility.css says it.
    let fits = match l + r {
        ..=107 => "narrow",
        108..=138 => "middling",
        _ => "wide",
    };
    Ok(format!(
        "<div class=\"pair {fits}\" style=\"--l:{l};--r:{r}\">{}{}</div>",
        left.figure(),
        right.figure()
    ))
}

/// Reads a file of the workspace.
///
/// # Errors
///
/// A path that leaves the workspace, a missing file, bytes that are no text.
pub fn read(root: &Path, path: &str) -> Result<String> {
    let inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !inside || path.is_empty() {
        bail!("`{path}` is not a path inside the workspace");
    }
    let text = fs::read_to_string(root.join(path))
        .with_context(|| format!("cannot read {path}"))?;
    Ok(text.replace("\r\n", "\n"))
}

/// Splits at commas, but not at those between angle brackets.
fn at_commas(names: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut parts = names
        .split(|c| {
            depth += i32::from(c == '<') - i32::from(c == '>');
            c == ',' && depth == 0
        })
        .map(str::trim)
        .collect::<Vec<_>>();
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_the_workspace() {
        for path in ["../secret", "/etc/passwd", ""] {
            assert!(read(Path::new("."), path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_page_of_a_chapter_that_keeps_to_it_shows_forty_lines_at_most() {
        let file = "ch03-generators/src/a/mod.rs";
        assert!(check_length(file, MOST_LINES).is_ok());
        let why = check_length(file, MOST_LINES + 1).unwrap_err();
        assert!(why.to_string().contains("41 lines at once"), "{why}");
    }

    #[test]
    fn commas_between_angle_brackets_belong_to_the_name() {
        assert_eq!(at_commas(" a, impl X<A, B> "), ["a", "impl X<A, B>"]);
    }
}
