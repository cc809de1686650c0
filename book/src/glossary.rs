//! The glossary: Python's words and Rust's, one way and back.
//!
//! `book/data/glossary.toml` holds it. A row is linked to sections that run a
//! program, and the first of them introduces it. A test in a browser types every
//! word of both languages into the book's search, which has to lead there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;
use toml::Spanned;

use crate::fault::{Fault, line};
use crate::html::{escape, sentence};
use crate::map::{Links, cell, code, page_of};
use crate::pages::Pages;
use crate::terms;

/// Where the glossary is.
pub const FILE: &str = "book/data/glossary.toml";

/// All rows and terms, in no order that matters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Glossary {
    term: Vec<Term>,
    /// The field's terms, each with the page that introduces it.
    #[serde(default)]
    pub concept: Vec<Concept>,
}

/// A term of the field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// What it is called.
    pub name: String,
    /// How it is written in pages, if not as its name.
    #[serde(default)]
    forms: Vec<String>,
    /// The page that introduces it: `CHAPTER/SLUG`.
    pub page: Spanned<String>,
    /// What it is, in a sentence.
    says: String,
    /// Pages that may use it earlier, each with the reason.
    #[serde(default)]
    pub exempt: BTreeMap<String, String>,
}

impl Concept {
    /// Returns how the term is written; code is in backticks.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        let name = self.forms.is_empty().then_some(&self.name);
        self.forms.iter().chain(name).map(String::as_str)
    }

    /// Returns its name, as code if it is written so.
    fn shown(&self) -> String {
        match self.forms().next() {
            Some(form) if form.starts_with('`') && !self.name.contains(' ') => {
                code(&self.name)
            }
            _ => cell(&self.name),
        }
    }
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
    /// The sections that show it; the first introduces it.
    see: Vec<Spanned<String>>,
}

impl Term {
    fn words(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.python.iter().chain(&self.rust)
    }
}

fn read(root: &Path) -> Result<(String, Glossary), Fault> {
    let text = fs::read_to_string(root.join(FILE))
        .map_err(|err| Fault::new(FILE, 0, err))?;
    let glossary = Fault::or_toml(FILE, &text)?;
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
    if pages_with_it(pages).is_empty() {
        let what = "no page shows it: `{{#glossary}}`";
        faults.push(Fault::new(FILE, 0, what));
    }
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
                Err(what) => fault(see.span(), what.to_string()),
            }
        }
    }
    for concept in &glossary.concept {
        if let Err(what) = page_of(concept.page.get_ref(), pages) {
            fault(concept.page.span(), what.to_string());
        }
    }
    faults.extend(terms::check(root, &glossary, pages));
    faults
}

/// Returns the glossary as it is shown on `page`, sorted by the words of one
/// language, `python` or `rust`, or the field's `terms`; a heading for each
/// letter.
///
/// # Errors
///
/// There is no glossary, or `from` is none of these. The faults of a glossary are those
/// of [`check`]; its table is empty here.
pub fn table(
    root: &Path,
    page: &str,
    from: &str,
    pages: &Pages,
) -> Result<String> {
    if !root.join(FILE).exists() {
        bail!("{FILE}: there is no such file");
    }
    let Ok((_, glossary)) = read(root) else {
        return Ok(String::new());
    };
    let heads = match from {
        "python" => "| Python | Rust | |",
        "rust" => "| Rust | Python | |",
        "terms" => "| term | what it is | introduced in |",
        _ => return Err(anyhow!("needs `python`, `rust` or `terms`")),
    };
    let links = Links::new(pages, page);
    let mut rows = Vec::new();
    for concept in &glossary.concept {
        if from == "terms" {
            let page = links.short(concept.page.get_ref());
            let (name, says) = (concept.shown(), cell(&concept.says));
            let row = format!("| {name} | {says} | {page} |\n");
            rows.push((key(&concept.name), row));
        }
    }
    for term in &glossary.term {
        let (these, those) = match from {
            "python" => (&term.python, &term.rust),
            "rust" => (&term.rust, &term.python),
            _ => break,
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
    let class = match from {
        "terms" => "stacked terms-table",
        _ => "stacked",
    };
    let mut text =
        format!("{} words.\n\n<div class=\"{class}\">\n", rows.len());
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

/// Returns what a word is sorted by: the letters of its own name.
fn key(word: &str) -> String {
    let letters = name(word).chars().filter(|c| c.is_alphanumeric());
    letters.collect::<String>().to_lowercase()
}

/// Returns the parts of a row's words as hidden text: the search takes
/// `asyncio.gather` for one word, so that `gather` would not find it.
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

/// What a reader may type into the book's search, and what it finds.
pub struct Query {
    /// A word of either language or a term, as it is written or by its own
    /// name alone.
    pub text: String,
    /// The line of `book/data/glossary.toml` that has it.
    pub line: usize,
    /// The page that introduces it.
    pub page: String,
    /// What it means, in a line.
    says: String,
}

/// Returns all queries that the search has to answer.
///
/// # Errors
///
/// The glossary cannot be read.
pub fn queries(root: &Path) -> Result<Vec<Query>, Fault> {
    let (text, glossary) = read(root)?;
    let mut queries = Vec::new();
    let mut add = |written: &str, at: &Spanned<String>, page, says: String| {
        // Of `poison pill` no part is a name.
        let whole = written.contains(' ');
        let mut forms =
            vec![written, if whole { written } else { name(written) }];
        forms.dedup();
        queries.extend(forms.into_iter().map(|form| Query {
            text: form.to_string(),
            line: line(&text, &at.span()),
            page: format!("{page}.md"),
            says: says.clone(),
        }));
    };
    for term in &glossary.term {
        let [python, rust] = [&term.python, &term.rust].map(|words| {
            let words: Vec<_> = words.iter().map(|w| &**w.get_ref()).collect();
            words.join(", ")
        });
        let says = format!("{python} → {rust}: {}", term.note.get_ref());
        // The first is the page that introduces it, the others go on.
        let first = term.see.first().map_or("", |see| see.get_ref());
        for word in term.words() {
            add(word.get_ref(), word, first, says.clone());
        }
    }
    for concept in &glossary.concept {
        let page = &concept.page;
        add(&concept.name, page, page.get_ref(), concept.says.clone());
    }
    Ok(queries)
}

/// Returns, by page, the terms that it introduces, to stand in its margin.
pub fn margins(root: &Path) -> BTreeMap<String, String> {
    let mut terms = BTreeMap::<String, Vec<Concept>>::new();
    // A glossary that cannot be read is a fault elsewhere.
    for concept in read(root).into_iter().flat_map(|(_, all)| all.concept) {
        let page = format!("{}.md", concept.page.get_ref());
        terms.entry(page).or_default().push(concept);
    }
    let margin = |terms: Vec<Concept>| {
        let names: Vec<_> = terms.iter().map(|t| escape(&t.name)).collect();
        let each = terms.iter().map(|term| {
            let (name, says) = (escape(&term.name), sentence(&term.says));
            format!(
                "<dt id=\"term-{}\">{name}</dt><dd>{says}</dd>",
                anchor(term)
            )
        });
        format!(
            "\n<details class=\"terms\"><summary>New here<span \
             class=\"which\">: {}</span></summary><dl>{}</dl></details>\n",
            names.join(", "),
            each.collect::<String>()
        )
    };
    let margins = terms.into_iter();
    margins.map(|(page, terms)| (page, margin(terms))).collect()
}

/// Returns the part of an address that leads to a term.
fn anchor(term: &Concept) -> String {
    let letter = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = term.name.to_lowercase().chars().map(letter).collect();
    name.trim_matches('-').to_string()
}

/// Returns, by page, what its search finds there: for each word that the page
/// introduces a heading of its own, not shown, so that no longer title
/// of another page comes before it.
pub fn cards(root: &Path) -> BTreeMap<String, String> {
    let mut cards = BTreeMap::<String, String>::new();
    let mut seen = BTreeSet::new();
    // A glossary that cannot be read is a fault elsewhere.
    for (i, query) in queries(root).into_iter().flatten().enumerate() {
        let Query {
            text, page, says, ..
        } = query;
        if seen.insert((page.clone(), text.to_lowercase())) {
            let (text, says) = (escape(&text), escape(&says));
            let says = format!("{text}: {says}");
            *cards.entry(page).or_default() +=
                &format!("<h2 id=\"word-{i}\">{text}</h2><p>{says}</p>");
        }
    }
    for text in cards.values_mut() {
        *text = format!("<div hidden>{text}</div>\n\n");
    }
    cards
}

/// Returns the addresses of the pages that show the glossary.
fn pages_with_it(pages: &Pages) -> Vec<String> {
    let shows =
        |text: &str| text.lines().any(|l| l.starts_with("{{#glossary "));
    let with_it = pages.iter().filter(|page| shows(&page.text));
    with_it
        .map(|page| page.address.replace(".md", ".html"))
        .collect()
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
