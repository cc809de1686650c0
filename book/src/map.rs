//! The map: every program of the Python sources, with the section that answers
//! it, and back.
//!
//! `book/data/programs.toml` holds it. These are faults there, with file and
//! line: a section that does not exist, a program without an answer, an answer
//! whose page does not name the source among its own. A section that no program
//! names is our own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use toml::Spanned;

use crate::fault::{Fault, did_you_mean, line};
use crate::html::escape;
use crate::pages::{Page, Pages};

const FILE: &str = "book/data/programs.toml";

/// All that the sources teach, and where this book answers it.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Map {
    source: Vec<Source>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Source {
    /// The heading: author, title, part.
    title: String,
    /// The same, short, for the way back.
    short: String,
    /// The works that it is, as pages call them.
    cited: Vec<String>,
    /// Which edition of the work.
    #[serde(default)]
    edition: String,
    /// Which chapters or parts of it; none for all.
    #[serde(default)]
    parts: Vec<String>,
    program: Vec<Program>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Program {
    /// What it is, in our words.
    what: Spanned<String>,
    /// The pages that answer it, as `ch01-threads/spinner`.
    #[serde(default)]
    answered_by: Vec<Spanned<String>>,
    /// How the answer differs from what was asked.
    difference: Option<String>,
    /// Why there is no answer.
    why_not: Option<String>,
}

/// Finds everything that is wrong with the map of the book with these pages; a
/// book without a map has nothing wrong with it.
pub fn check(root: &Path, pages: &Pages) -> Vec<Fault> {
    let Ok(text) = fs::read_to_string(root.join(FILE)) else {
        return Vec::new();
    };
    match Fault::or_toml::<Map>(FILE, &text) {
        Ok(map) => map.faults(&text, pages),
        Err(fault) => vec![fault],
    }
}

/// Returns the map as it is shown on `page`: `by` its `sources` or `sections`.
///
/// # Errors
///
/// There is no map, or `by` is neither. The faults of a map are those of
/// [`check`]; its table is empty here.
pub fn table(
    root: &Path,
    page: &str,
    by: &str,
    pages: &Pages,
) -> Result<String> {
    let text = fs::read_to_string(root.join(FILE))
        .with_context(|| FILE.to_string())?;
    let Ok(map) = Fault::or_toml::<Map>(FILE, &text) else {
        return Ok(String::new());
    };
    let links = Links::new(pages, page);
    match by {
        "sources" => Ok(map.by_source(&links)),
        "sections" => Ok(map.by_section(&links)),
        _ => Err(anyhow!("needs `sources` or `sections`")),
    }
}

/// Returns the page of `name`, or what is wrong with that name.
pub fn page_of(name: &str, pages: &Pages) -> Result<String> {
    let page = format!("{name}.md");
    if pages.get(&page).is_some() {
        return Ok(page);
    }
    let names = pages.iter().filter_map(|p| p.address.strip_suffix(".md"));
    let near = did_you_mean(name, names);
    Err(anyhow!("there is no page `{name}`{near}"))
}

impl Source {
    /// Says whether a page names this part of the source among its own.
    fn is_cited(&self, page: Option<&Page>) -> bool {
        let text = page.map_or("", |page| page.text.as_str());
        let (_, sources) = text.split_once("\n## Sources").unwrap_or_default();
        let parts = |after: &str| {
            let words: Vec<&str> =
                after.split(|c: char| !c.is_alphanumeric()).collect();
            let number = |word: &&str| word.parse::<u32>().ok();
            // `parts 6 to 8` names the 7, too.
            let ranges = words.windows(3).filter(|three| three[1] == "to");
            let ranges = ranges.filter_map(|three| {
                Some(number(&three[0])?..=number(&three[2])?)
            });
            let within: Vec<String> =
                ranges.flatten().map(|n| n.to_string()).collect();
            self.parts.is_empty()
                || self.parts.iter().any(|part| {
                    words.contains(&part.as_str()) || within.contains(part)
                })
        };
        sources.lines().any(|line| {
            self.cited.iter().any(|work| {
                let after = line.split_once(work.as_str());
                let after = after.and_then(|(_, after)| {
                    let (_, after) = after.split_once(&self.edition)?;
                    // What follows is of another edition.
                    after.split(" ed.").next()
                });
                after.is_some_and(parts)
            })
        })
    }
}

impl Map {
    fn faults(&self, text: &str, pages: &Pages) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |span: Range<usize>, what: String| {
            faults.push(Fault::new(FILE, line(text, &span), what));
        };
        let mut programs = BTreeSet::new();
        for source in &self.source {
            for program in &source.program {
                let what = program.what.get_ref();
                match (program.answered_by.is_empty(), &program.why_not) {
                    (true, None) => fault(
                        program.what.span(),
                        format!(
                            "`{what}` has no `answered_by` and no `why_not`"
                        ),
                    ),
                    (false, Some(_)) => fault(
                        program.what.span(),
                        format!("`{what}` has `answered_by` and `why_not`"),
                    ),
                    _ => {}
                }
                if !programs.insert((&source.short, what)) {
                    let what = format!("`{what}` is there twice");
                    fault(program.what.span(), what);
                }
                for name in &program.answered_by {
                    match page_of(name.get_ref(), pages) {
                        Err(what) => fault(name.span(), what.to_string()),
                        Ok(page) if source.is_cited(pages.get(&page)) => {}
                        Ok(_) => {
                            let (page, short) = (name.get_ref(), &source.short);
                            let what = format!(
                                "{page} does not name {short} in its Sources, \
                                 but answers `{what}`"
                            );
                            fault(name.span(), what);
                        }
                    }
                }
            }
        }
        faults
    }

    fn by_source(&self, links: &Links) -> String {
        let all = self.source.iter().flat_map(|source| &source.program);
        let (answered, open): (Vec<_>, Vec<_>) =
            all.partition(|program| program.why_not.is_none());
        let mut text = format!(
            "{} programs, experiments and claims: {} are answered here, {} are \
             not, and say why.\n\n<div class=\"stacked\">\n",
            answered.len() + open.len(),
            answered.len(),
            open.len(),
        );
        for source in &self.source {
            text += &format!("\n## {}\n\n", source.title);
            text += "| there | here |\n|---|---|\n";
            for program in &source.program {
                let links: Vec<String> = program
                    .answered_by
                    .iter()
                    .map(|name| links.short(name.get_ref()))
                    .collect();
                let mut answer = links.join(", ");
                if let Some(difference) = &program.difference {
                    answer += &format!("<br>{}", cell(difference));
                }
                if let Some(why) = &program.why_not {
                    answer = format!("*Not here:* {}", cell(why));
                }
                let what = cell(program.what.get_ref());
                text += &format!("| {what} | {answer} |\n");
            }
        }
        text + "\n</div>\n"
    }

    fn by_section(&self, links: &Links) -> String {
        let mut asked: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for source in &self.source {
            for program in &source.program {
                for name in &program.answered_by {
                    let what = cell(program.what.get_ref());
                    asked.entry(name.get_ref()).or_default().push(format!(
                        "{} ({})",
                        what,
                        cell(&source.short)
                    ));
                }
            }
        }
        let mut text = String::from("<div class=\"stacked\">\n");
        let mut chapter = "";
        for page in links.pages.iter().filter(|page| page.is_section()) {
            let page = &page.address;
            let folder = page.split('/').next().unwrap_or_default();
            if folder != chapter {
                chapter = folder;
                let title = links.title(&format!("{folder}/index"));
                text += &format!("\n## {title}\n\n");
                text += "| here | there |\n|---|---|\n";
            }
            let name = page.trim_end_matches(".md");
            let there = match asked.get(name) {
                Some(there) => there.join("<br>"),
                None => "*our own*".to_string(),
            };
            text += &format!("| {} | {there} |\n", links.long(name));
        }
        text + "\n</div>\n"
    }
}

/// Makes links from one page to others.
pub struct Links<'a> {
    pages: &'a Pages,
    /// The way from the page up to the book's first folder.
    up: String,
}

impl<'a> Links<'a> {
    /// Makes links from `page`.
    pub fn new(pages: &'a Pages, page: &str) -> Self {
        let up = "../".repeat(page.matches('/').count());
        Links { pages, up }
    }

    /// Links a section by chapter and slug, in no more room than they need.
    pub fn short(&self, name: &str) -> String {
        let (chapter, slug) = name.split_once('/').unwrap_or(("", name));
        // `ch01-threads` is `threads` here: the numbers are for `ls`.
        let chapter = chapter.split_once('-').map_or("", |(_, word)| word);
        let text = match (chapter, slug) {
            ("", page) => self.title(page),
            (chapter, "index") => chapter.to_string(),
            (chapter, slug) => format!("{chapter}/{slug}"),
        };
        format!("[{text}]({}{name}.md)", self.up)
    }

    /// Links a section by its title.
    pub fn long(&self, name: &str) -> String {
        format!("[{}]({}{name}.md)", self.title(name), self.up)
    }

    /// Returns the title of a page: its first heading.
    fn title(&self, name: &str) -> String {
        let page = self.pages.get(&format!("{name}.md"));
        let text = page.map_or("", |page| page.text.as_str());
        let title = text.lines().find_map(|line| line.strip_prefix("# "));
        escape(title.unwrap_or(name)).replace('|', "\\|")
    }
}

/// Writes a sentence of ours into a cell of a table in Markdown: `code` in
/// backticks is code, nothing else is special.
pub fn cell(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('`').enumerate() {
        if i % 2 == 1 {
            out += &code(part);
        } else {
            out += &escape(part).replace('|', "&#124;").replace('*', "&#42;");
        }
    }
    out
}

/// Writes code into a cell.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
