//! The glossary: Python's words and Rust's, one way and back.
//!
//! `book/data/glossary.toml` holds it. A row is linked to a section that runs,
//! and the book's search finds it by every word of both languages: what is not
//! so is told with file and line.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use elasticlunr::Language;
use elasticlunr::lang::English;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::fault::Fault;
use crate::map::{Links, cell, code, line, page_of};
use crate::pages::Pages;

const FILE: &str = "book/data/glossary.toml";

/// All rows, in no order that matters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Glossary {
    term: Vec<Term>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    /// Names in Python; none if it has no word for it.
    python: Vec<Spanned<String>>,
    /// Names in Rust, likewise.
    rust: Vec<Spanned<String>>,
    /// The one difference to know.
    note: Spanned<String>,
    /// The sections that show it.
    see: Vec<Spanned<String>>,
}

impl Term {
    fn words(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.python.iter().chain(&self.rust)
    }
}

fn read(root: &Path) -> Result<(String, Glossary), Fault> {
    let fault = |line, what: String| Fault::new(FILE, line, what);
    let text = fs::read_to_string(root.join(FILE))
        .map_err(|err| fault(0, err.to_string()))?;
    let glossary = toml::from_str(&text).map_err(|err: toml::de::Error| {
        let line = err.span().map_or(0, |span| line(&text, &span));
        fault(line, err.message().to_string())
    })?;
    Ok((text, glossary))
}

/// Finds everything that is wrong with the glossary of the book with these
/// pages; a book without one has nothing wrong with it.
pub fn check(root: &Path, pages: &Pages) -> Vec<Fault> {
    if !root.join(FILE).exists() {
        return Vec::new();
    }
    let (text, glossary) = match read(root) {
        Ok(read) => read,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let mut fault = |span: Range<usize>, what: String| {
        faults.push(Fault::new(FILE, line(&text, &span), what));
    };
    for term in &glossary.term {
        if term.words().next().is_none() {
            fault(term.note.span(), "a row without a word".to_string());
        }
        if term.see.is_empty() {
            let what = "a row without a section, `see`".to_string();
            fault(term.note.span(), what);
        }
        for see in &term.see {
            match page_of(see.get_ref(), pages) {
                Ok(page) => {
                    let page = pages.get(&page);
                    if !page.is_some_and(|p| p.text.contains("{{#run ")) {
                        let what = "runs nothing";
                        fault(see.span(), format!("{} {what}", see.get_ref()));
                    }
                }
                Err(what) => fault(see.span(), what),
            }
        }
    }
    faults
}

/// Returns the glossary as it is shown on `page`, sorted by the words of one
/// language, `python` or `rust`, a heading for each letter.
///
/// # Errors
///
/// There is no glossary, or `from` is neither. One that is at fault is told by
/// [`check`], and here is nothing.
pub fn table(
    root: &Path,
    page: &str,
    from: &str,
    pages: &Pages,
) -> Result<String, String> {
    if !root.join(FILE).exists() {
        return Err(format!("{FILE}: there is no such file"));
    }
    let Ok((_, glossary)) = read(root) else {
        return Ok(String::new());
    };
    let heads = match from {
        "python" => "| Python | Rust | |",
        "rust" => "| Rust | Python | |",
        _ => return Err("needs `python` or `rust`".to_string()),
    };
    let links = Links::new(pages, page);
    let mut rows = Vec::new();
    for term in &glossary.term {
        let (these, those) = match from {
            "python" => (&term.python, &term.rust),
            _ => (&term.rust, &term.python),
        };
        let those: Vec<_> = those.iter().map(Spanned::get_ref).collect();
        let see: Vec<_> = term
            .see
            .iter()
            .map(|see| links.short(see.get_ref()))
            .collect();
        for word in these {
            let word = word.get_ref();
            let row = format!(
                "| {}{} | {} | {} {} |\n",
                code(word),
                parts(word, &those),
                match &those[..] {
                    [] => "no word".to_string(),
                    those => {
                        let those: Vec<_> =
                            those.iter().map(|word| code(word)).collect();
                        those.join("<br>")
                    }
                },
                cell(term.note.get_ref()),
                see.join(", "),
            );
            rows.push((key(word), row));
        }
    }
    rows.sort();
    let mut text =
        format!("{} words.\n\n<div class=\"stacked\">\n", rows.len());
    let mut letter = None;
    for (key, row) in &rows {
        let first = key.chars().next().map(|c| c.to_ascii_uppercase());
        if first != letter {
            letter = first;
            let letter = letter.unwrap_or('?');
            text += &format!("\n## {letter}\n\n{heads}\n|---|---|---|\n");
        }
        text += row;
    }
    Ok(text + "\n</div>\n")
}

/// Returns a word's own name, without the module that it is in.
fn name(word: &str) -> &str {
    let head = word.split([' ', '(', '<']).next().unwrap_or(word);
    let name = head.split(['.', ':']).rfind(|part| !part.is_empty());
    name.unwrap_or(word)
}

/// By what a word is sorted: the letters of its own name.
fn key(word: &str) -> String {
    let letters = name(word).chars().filter(|c| c.is_alphanumeric());
    letters.collect::<String>().to_lowercase()
}

/// Writes what is asked for but not shown as a word of its own: for the search
/// `asyncio.gather` is one word, and who looks for `gather` would not find it.
fn parts(word: &str, others: &[&String]) -> String {
    let whole: BTreeSet<&str> = word.split_whitespace().collect();
    let mut parts: Vec<&str> = Vec::new();
    for word in others.iter().map(|word| word.as_str()).chain([word]) {
        for part in word.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if part.len() > 1 && !whole.contains(part) && !parts.contains(&part)
            {
                parts.push(part);
            }
        }
    }
    match &parts[..] {
        [] => String::new(),
        parts => format!("<span hidden>{}</span>", cell(&parts.join(" "))),
    }
}

/// Finds the words that the search of the book at `out` does not lead to the
/// glossary with, as they are written and by their own name alone.
pub fn unfindable(root: &Path, out: &Path, pages: &Pages) -> Vec<Fault> {
    if !root.join(FILE).exists() {
        return Vec::new();
    }
    let (text, glossary) = match read(root) {
        Ok(read) => read,
        Err(fault) => return vec![fault],
    };
    let shown = glossary_pages(pages);
    if shown.is_empty() {
        return vec![Fault::new(FILE, 0, "no page shows it: `{{#glossary}}`")];
    }
    let index = match Index::read(out, &shown) {
        Ok(index) => index,
        Err(what) => return vec![Fault::new(FILE, 0, what)],
    };
    let mut faults = Vec::new();
    for term in &glossary.term {
        for word in term.words() {
            let written = word.get_ref().as_str();
            for query in [written, name(written)] {
                if !index.finds(query) {
                    let line = line(&text, &word.span());
                    let what = format!("the search does not find `{query}`");
                    faults.push(Fault::new(FILE, line, what));
                }
            }
        }
    }
    faults
}

/// Returns the addresses of the pages that show the glossary.
fn glossary_pages(pages: &Pages) -> Vec<String> {
    let shows =
        |text: &str| text.lines().any(|l| l.starts_with("{{#glossary "));
    let shown = pages.iter().filter(|page| shows(&page.text));
    shown
        .map(|page| page.address.replace(".md", ".html"))
        .collect()
}

/// The index that the book's script searches.
struct Index {
    /// The tree of all words of the text, letter by letter.
    root: Value,
    /// The numbers of the parts of the book that are the glossary.
    parts: BTreeSet<String>,
}

impl Index {
    /// Reads the index of the book at `out`; `shown` are the glossary's pages.
    fn read(out: &Path, shown: &[String]) -> Result<Index, String> {
        let files = fs::read_dir(out).map_err(|err| err.to_string())?;
        let path = files
            .flatten()
            .map(|file| file.path())
            .find(|path| {
                let name = path.file_name().unwrap_or_default();
                let name = name.to_string_lossy();
                name.starts_with("searchindex") && name.ends_with(".js")
            })
            .ok_or("the book has no index for its search")?;
        let text = fs::read_to_string(path).map_err(|err| err.to_string())?;
        // A string of JavaScript with JSON inside.
        let start = text.find("JSON.parse('").map(|at| at + 12);
        let json = start
            .zip(text.rfind("')"))
            .and_then(|(start, end)| text.get(start..end))
            .ok_or("the index of the search looks different")?
            .replace("\\'", "'")
            .replace("\\\\", "\\");
        let mut value: Value =
            serde_json::from_str(&json).map_err(|err| err.to_string())?;
        let urls = value["doc_urls"].as_array().cloned().unwrap_or_default();
        let part = |(i, url): (usize, &Value)| {
            let page = url.as_str()?.split('#').next()?;
            shown.iter().any(|name| name == page).then(|| i.to_string())
        };
        let parts = urls.iter().enumerate().filter_map(part).collect();
        let root = value["index"]["index"]["body"]["root"].take();
        Ok(Index { root, parts })
    }

    /// Says whether one part of the glossary has all words of the query.
    fn finds(&self, query: &str) -> bool {
        let words = query
            .split(|c: char| c.is_whitespace() || c == '-')
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let words = English::new().make_pipeline().run(words);
        let mut parts = self.parts.clone();
        for word in &words {
            let found = self.parts_with(word);
            parts.retain(|part| found.contains(part));
        }
        // A query of nothing but words like `if` finds nothing in any book.
        words.is_empty() || !parts.is_empty()
    }

    fn parts_with(&self, word: &str) -> BTreeSet<String> {
        let mut node = &self.root;
        for letter in word.chars() {
            node = &node[letter.to_string()];
        }
        let parts = node["docs"].as_object();
        parts
            .into_iter()
            .flat_map(|all| all.keys().cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_sorted_by_its_own_name() {
        let words = ["asyncio.gather", "join!", ".await", "with lock:"];
        assert_eq!(words.map(key), ["gather", "join", "await", "with"]);
        assert_eq!(key("std::sync::mpsc"), "mpsc");
        assert_eq!(key("acquire(blocking=False)"), "acquire");
        assert_eq!(key("__next__"), "next");
    }

    #[test]
    fn the_parts_of_a_name_are_there_for_the_search() {
        assert_eq!(
            parts("asyncio.gather", &[]),
            "<span hidden>asyncio gather</span>"
        );
        assert_eq!(parts("yield from", &[]), "");
    }
}
