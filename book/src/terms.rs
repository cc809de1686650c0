//! Terms before their use: on the core path a page explains each term before it
//! uses it, or links the page that does.
//!
//! The terms are the `concept`s of `book/data/glossary.toml`. A form in
//! backticks is code: it is looked for in code spans, in prose and in the Rust
//! listings that a page embeds. Any other form is looked for in prose only.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::claims::without_comment;
use crate::directives::Fence;
use crate::fault::Fault;
use crate::glossary::{Concept, FILE, Glossary};
use crate::listing::Listing;
use crate::pages::{Page, Pages, Part, resolve};

/// Finds the core's pages that use a term too early, and terms that the page
/// which is to introduce them does not mention.
pub fn check(root: &Path, glossary: &Glossary, pages: &Pages) -> Vec<Fault> {
    let mut faults = Vec::new();
    let read: Vec<Read> =
        pages.iter().map(|page| Read::new(root, page)).collect();
    for concept in &glossary.concept {
        let address = format!("{}.md", concept.page.get_ref());
        let forms = Forms::new(concept);
        // A page that is not there is a fault of the glossary.
        let Some(home) = read.iter().position(|r| r.page.address == address)
        else {
            continue;
        };
        let term = &concept.name;
        if forms.first(&read[home]).is_none() {
            let what =
                format!("does not mention `{term}`, which it introduces");
            faults.push(Fault::new(&read[home].page.file, 0, what));
        }
        let home = read[home].page;
        let known = |r: &&Read| r.page.address != address;
        let mut needed = BTreeSet::new();
        let core = read.iter().filter(|r| r.page.part() == Some(Part::Core));
        for other in core.take_while(known) {
            let Some(line) = forms.first(other) else {
                continue;
            };
            let linked = other.links.contains(&home.file);
            if linked {
                continue;
            }
            let name = other.page.address.trim_end_matches(".md");
            if concept.exempt.contains_key(name) {
                needed.insert(name);
                continue;
            }
            let what = format!(
                "uses `{term}` before {address} introduces it, without a link"
            );
            faults.push(Fault::new(&other.page.file, line, what));
        }
        for name in concept.exempt.keys() {
            if !needed.contains(name.as_str()) {
                let what = format!("{name} needs no exemption for `{term}`");
                faults.push(Fault::new(FILE, 0, what));
            }
        }
    }
    faults
}

/// A page as its terms are looked for.
struct Read<'a> {
    page: &'a Page,
    /// Each line's number, its prose, and its code: spans or listings.
    lines: Vec<(usize, String, String)>,
    /// The files that it links.
    links: Vec<String>,
}

impl<'a> Read<'a> {
    fn new(root: &Path, page: &'a Page) -> Self {
        let folder = page.file.rsplit_once('/').map_or("", |(f, _)| f);
        let mut read = Read {
            page,
            lines: Vec::new(),
            links: Vec::new(),
        };
        let mut fence = Fence::default();
        for (i, line) in page.text.lines().enumerate() {
            // Sources are for those who have read the page.
            if line == "## Sources" {
                break;
            }
            let (prose, code) = if fence.covers(line) {
                (String::new(), line.to_string())
            } else if let Some(directive) = line.strip_prefix("{{#") {
                (String::new(), listings(root, directive))
            } else {
                let line = without_comment(line);
                let mut parts = line.split("](");
                let mut text = parts.next().unwrap_or_default().to_string();
                for part in parts {
                    let (link, rest) =
                        part.split_once(')').unwrap_or((part, ""));
                    let link = link.split('#').next().unwrap_or_default();
                    read.links.push(resolve(folder, link));
                    text += rest;
                }
                spans(&VALUE.replace_all(&text, ""))
            };
            read.lines.push((i + 1, prose, code));
        }
        read
    }
}

/// What a page takes from a measurement is a number.
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{#.*?\}\}").expect("a pattern of this file")
});

/// Parts a line into what stands outside of backticks and what stands in them.
fn spans(line: &str) -> (String, String) {
    let (mut prose, mut code) = (String::new(), String::new());
    for (i, part) in line.split('`').enumerate() {
        let (this, other) = match i % 2 {
            0 => (&mut prose, &mut code),
            _ => (&mut code, &mut prose),
        };
        *this += part;
        other.push(' ');
    }
    (prose, code)
}

/// Returns the Rust code that a directive shows.
fn listings(root: &Path, directive: &str) -> String {
    let inside = directive.trim_end().trim_end_matches("}}");
    let Some(("listing" | "pair" | "diff", wanted)) = inside.split_once(' ')
    else {
        return String::new();
    };
    let each = wanted.split('|').map(|part| part.trim_end_matches('\\'));
    let rust = each.filter(|part| part.contains(".rs"));
    let read = rust.filter_map(|part| Listing::read(root, part).ok());
    read.map(|listing| listing.code).collect()
}

/// How a term is written.
struct Forms(Vec<(bool, Regex)>);

impl Forms {
    fn new(concept: &Concept) -> Self {
        let form = |form: &str| {
            let code = form.starts_with('`');
            let word = form.trim_matches('`');
            let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let start = if edge(word.chars().next()) {
                // `asyncio.Future` is Python's.
                r"(?:^|[^.\w])"
            } else {
                ""
            };
            let end = match (edge(word.chars().last()), code) {
                (true, true) => r"\b",
                (true, false) => r"s?\b",
                (false, _) => "",
            };
            let case = if code { "" } else { "(?i)" };
            let word = regex::escape(word);
            let pattern = Regex::new(&format!("{case}{start}{word}{end}"));
            (code, pattern.expect("an escaped word is a pattern"))
        };
        Forms(concept.forms().map(form).collect())
    }

    /// Returns the first line on which the term stands.
    fn first(&self, read: &Read) -> Option<usize> {
        let mut lines = read.lines.iter();
        let found = lines.find(|(_, prose, code)| {
            self.0.iter().any(|(is_code, form)| {
                form.is_match(prose) || *is_code && form.is_match(code)
            })
        });
        found.map(|(line, _, _)| *line)
    }
}
