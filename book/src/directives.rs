//! Replaces the directives of a page, `{{#run ch01-threads/spinner}}`, by what
//! they name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::errors::{Error, Result as BookResult};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::colophon::colophon;
use crate::exercise;
use crate::fault::{Fault, did_you_mean};
use crate::files::{self, Files};
use crate::glossary;
use crate::html::escape;
use crate::listing::{self, Listing};
use crate::map;
use crate::measurement;
use crate::pages::Pages;
use crate::stepper;
use crate::terminal::Terminal;
use crate::timeline::Timeline;
use crate::transcript::Run;
use crate::{claims, diff, outcomes, routes, sections};

/// All directives. `RUN` is `CHAPTER/SLUG`, or `CHAPTER/SLUG.NAME` for one of
/// the section's other runs.
///
/// | directive | becomes |
/// |---|---|
/// | `listing FILE` | the file, without its tests |
/// | `listing FILE: ITEM, ITEM` | these items, by name: `spin`, `impl Iterator for Countdown`, `Table::turn` (`Table.turn` in Python) |
/// | `pair FILE: ITEM \| FILE: ITEM` | two listings side by side, the Python one first |
/// | `diff FILE: ITEM \| FILE: ITEM` | what changed from the first listing to the second |
/// | `run RUN` | command, output and contract; two with `\|` between them stand side by side |
/// | `outcomes RUN` | the outcomes of that run, counted |
/// | `quiz RUN` | the question about that run, to stand before it |
/// | `schedules CHAPTER/SLUG` | the recorded schedules, to be stepped through |
/// | `timeline RUN` | the recorded timeline, with its events as a table |
/// | `terminal RUN` | the terminal recording, with a player and all frames as text |
/// | `sections CHAPTER` | the chapter's sections, from its own `--list` |
/// | `measured CHAPTER/NAME` | the measurement as a chart and a table |
/// | `value CHAPTER/NAME KEY.median` | one figure of it for a sentence; `KEY.ratio` likewise |
/// | `map sources`, `map sections` | `book/data/programs.toml`, one way and back |
/// | `glossary python`, `glossary rust`, `glossary terms` | `book/data/glossary.toml`, by the words of one language, or its terms |
/// | `exercise chNN/NAME` | an exercise, from its folder |
/// | `routes` | the ways through the book, from `book/data/routes.toml` |
/// | `exercises chNN` | the table of a chapter's exercises |
///
/// A directive stands alone on its line; `value` stands in a sentence.
/// `\{{#run …}}` and text in a code block stay as they are. One that does not
/// resolve fails the build, with page and line. So does a code block that holds
/// output, or more than three lines: a page shows only what was run.
const DIRECTIVES: &[&str] = &[
    "listing",
    "pair",
    "diff",
    "run",
    "outcomes",
    "quiz",
    "schedules",
    "sections",
    "measured",
    "value",
    "timeline",
    "terminal",
    "map",
    "glossary",
    "exercise",
    "exercises",
    "routes",
];

/// The page that explains contracts, to which every run is linked.
const CONTRACTS: &str = "contracts.md";

/// The preprocessor that replaces the directives of mdBook's chapters.
pub struct Directives {
    /// The workspace, in which the directives' files are.
    root: PathBuf,
    /// All pages of the book.
    pages: Pages,
    /// mdBook stops at the first error; a writer wants to see all.
    faults: Arc<Mutex<Vec<Fault>>>,
    /// The files that the pages' listings link.
    files: Arc<Mutex<Files>>,
    /// What the search finds on each page.
    cards: BTreeMap<String, String>,
    /// What stands in each page's margin.
    margins: BTreeMap<String, String>,
}

impl Directives {
    /// Makes the directives of a book with these pages.
    pub fn new(root: &Path, pages: Pages) -> Self {
        Directives {
            root: root.to_path_buf(),
            pages,
            faults: Arc::default(),
            files: Arc::default(),
            cards: glossary::cards(root),
            margins: glossary::margins(root),
        }
    }

    /// Returns the list in which the linked files are put.
    pub fn files(&self) -> Arc<Mutex<Files>> {
        Arc::clone(&self.files)
    }

    /// Returns the list in which the faults of the pages are put.
    pub fn faults(&self) -> Arc<Mutex<Vec<Fault>>> {
        Arc::clone(&self.faults)
    }

    /// Replaces all directives of a page.
    pub fn page(&self, page: &str, text: &str) -> (String, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut resolved = self.cards.get(page).cloned().unwrap_or_default();
        let mut fence = Fence::default();
        for (i, line) in text.lines().enumerate() {
            if fence.covers(line) {
                resolved += line;
            } else {
                let line = claims::without_comment(line);
                let line = &self.pages.resolve_links(page, line);
                match self.line(page, line) {
                    Ok(line) => resolved += &line,
                    Err(what) => {
                        let file = self.pages.file(page);
                        faults.push(Fault::new(file, i + 1, what));
                    }
                }
            }
            resolved.push('\n');
            if i == 0 {
                let margin = self.margins.get(page).cloned();
                resolved.extend(self.pages.part_line(page));
                resolved.extend(margin);
            }
        }
        let file = self.pages.file(page);
        faults.extend(claims::check(&self.root, file, text));
        let mut files =
            self.files.lock().unwrap_or_else(PoisonError::into_inner);
        (files::resolve(page, &resolved, &mut files), faults)
    }

    fn line(&self, page: &str, line: &str) -> Result<String> {
        let mut resolved = String::new();
        let mut rest = line;
        while let Some(at) = rest.find("{{#") {
            if let Some(before) = rest[..at].strip_suffix('\\') {
                resolved += before;
                resolved += "{{#";
                rest = &rest[at + 3..];
                continue;
            }
            let Some(length) = rest[at..].find("}}") else {
                bail!("a directive without `}}}}`");
            };
            let inside = &rest[at + 3..at + length];
            let (name, args) = inside
                .split_once(char::is_whitespace)
                .unwrap_or((inside, ""));
            let alone = line.trim().len() == length + 2;
            if name != "value" && DIRECTIVES.contains(&name) && !alone {
                bail!("`{{{{#{name}}}}}` has to stand alone");
            }
            resolved += &rest[..at];
            resolved += &self
                .directive(page, name, args.trim())
                .with_context(|| format!("`{{{{#{name}}}}}`"))?;
            rest = &rest[at + length + 2..];
        }
        Ok(resolved + rest)
    }

    fn directive(&self, page: &str, name: &str, args: &str) -> Result<String> {
        let root = &self.root;
        match name {
            "listing" => Ok(Listing::read(root, args)?.short()?.figure()),
            "pair" => listing::pair(root, args),
            "diff" => diff::figure(root, args),
            "run" => self.runs(page, args),
            "outcomes" => outcomes::figure(root, args),
            "quiz" => outcomes::quiz(root, args),
            "schedules" => {
                let contracts = self.contracts(page);
                stepper::figure(root, args, contracts.as_deref())
            }
            "sections" => sections::table(root, args, &self.pages),
            "glossary" => glossary::table(root, page, args, &self.pages),
            "map" => map::table(root, page, args, &self.pages),
            "measured" => measurement::figure(root, args),
            "exercise" => exercise::figure(root, args),
            "exercises" => exercise::table(root, args),
            "routes" => routes::table(root, &self.pages),
            "timeline" => Ok(Timeline::read(root, args)?.figure()),
            "terminal" => Ok(Terminal::read(root, args)?.figure()),
            "value" => {
                let Some((record, address)) = args.split_once(' ') else {
                    bail!("needs CHAPTER/NAME KEY.median");
                };
                let value = measurement::value(root, record, address.trim())?;
                Ok(escape(&value))
            }
            other => {
                let near = did_you_mean(other, DIRECTIVES.iter().copied());
                Err(anyhow!("no such directive{near}"))
            }
        }
    }

    /// One run, or two with a bar between them, side by side.
    fn runs(&self, page: &str, args: &str) -> Result<String> {
        let contracts = self.contracts(page);
        let link = contracts.as_deref();
        let figure =
            |name: &str| Ok(Run::read(&self.root, name.trim())?.figure(link));
        match args.split_once('|') {
            None => figure(args),
            Some((left, right)) => Ok(format!(
                "<div class=\"runs\">{}{}</div>",
                figure(left.trim().trim_end_matches('\\'))?,
                figure(right)?
            )),
        }
    }
}

impl Directives {
    /// Returns the way from a page to the one that explains contracts.
    fn contracts(&self, page: &str) -> Option<String> {
        let up = "../".repeat(page.matches('/').count());
        let there = self.pages.get(CONTRACTS).is_some();
        there.then(|| format!("{up}{CONTRACTS}"))
    }
}

impl Preprocessor for Directives {
    fn name(&self) -> &str {
        "directives"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> BookResult<Book> {
        let mut faults = Vec::new();
        let colophon = colophon(&self.root);
        book.for_each_chapter_mut(|chapter| {
            let Some(path) = &chapter.path else {
                return;
            };
            let page = path.to_string_lossy().replace('\\', "/");
            let (text, found) = self.page(&page, &chapter.content);
            chapter.content = text + &colophon;
            faults.extend(found);
        });
        let failed = !faults.is_empty();
        // A thread that panicked with the list left it as good as it was.
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
        if failed {
            return Err(Error::msg("directives do not resolve"));
        }
        Ok(book)
    }
}

/// Says of each line of a page, in turn, whether it is part of a code block.
#[derive(Default)]
pub struct Fence {
    /// The fence that will close the open block.
    open: Option<String>,
}

impl Fence {
    /// Says whether this line is in a code block, the fences included.
    pub fn covers(&mut self, line: &str) -> bool {
        let text = line.trim_start();
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'));
        let fence: String = match mark {
            Some(mark) => text.chars().take_while(|c| *c == mark).collect(),
            None => String::new(),
        };
        match &self.open {
            Some(open) => {
                if fence.starts_with(open.as_str()) && text.trim() == fence {
                    self.open = None;
                }
                true
            }
            None if fence.len() >= 3 => {
                self.open = Some(fence);
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> (String, Vec<String>) {
        let directives = Directives::new(
            Path::new("/nonexistent"),
            Pages::of(&[("a/b.md", "")]),
        );
        let (resolved, faults) = directives.page("a/b.md", text);
        (resolved, faults.iter().map(Fault::to_string).collect())
    }

    #[test]
    fn an_escaped_directive_and_one_in_a_code_block_are_text() {
        let (resolved, faults) =
            resolve("`\\{{#run x}}`\n\n```md\n{{#run x}}\n```\n");
        assert_eq!(faults, [""; 0]);
        assert_eq!(resolved, "`{{#run x}}`\n\n```md\n{{#run x}}\n```\n");
    }

    #[test]
    fn every_fault_of_a_page_is_named_with_its_line() {
        let (_, faults) =
            resolve("\n{{#runn a/b}}\n{{#listing x.rs}} y\n{{#run\n");
        let starts = [
            "a/src/b/page.md:2: `{{#runn}}`: no such directive; did you \
             mean `run`?",
            "a/src/b/page.md:3: `{{#listing}}` has to stand alone",
            "a/src/b/page.md:4: a directive without `}}`",
        ];
        assert_eq!(faults, starts);
    }

    #[test]
    fn a_missing_file_is_named() {
        let (_, faults) = resolve("{{#listing no/such.rs: a}}");
        assert!(faults[0].contains(":1: ") && faults[0].contains("no/such.rs"));
    }

    #[test]
    fn mdbooks_own_directives_do_not_exist() {
        let (_, faults) = resolve("{{#include x.rs}}");
        assert!(faults[0].contains("no such directive"), "{faults:?}");
    }
}
