//! The pages: which there are, in which order, and where their files are.
//!
//! `book/pages/SUMMARY.md` has what stands before and behind the chapters, and
//! the chapters. The sections of a chapter are those of its program's `--list`,
//! in that order, and its exercises follow them. A page is at home in the
//! folder of what it is about, and has a shorter address in the book:
//!
//! | file | address |
//! |---|---|
//! | `book/pages/limits.md` | `limits.md` |
//! | `ch01-threads/page.md` | `ch01-threads/index.md` |
//! | `ch01-threads/src/lost_update/page.md` | `ch01-threads/lost-update.md` |
//! | `exercises/ch01/latch/page.md` | `exercises/ch01/latch.md` |

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use artifacts::exercise::Exercise;
use artifacts::room::Room;
use mdbook_preprocessor::book::{Book, BookItem, Chapter, SectionNumber};

use crate::fault::Fault;
use crate::html::escape;
use crate::links::normal;
use crate::sections;

/// What the sidebar folds.
const DEEPER: &str = "Going deeper";

/// Where the pages are that belong to no chapter, and the list of them.
pub const FOLDER: &str = "book/pages";
const SUMMARY: &str = "book/pages/SUMMARY.md";

/// One page of the book.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address in the book: `ch01-threads/condvar.md`.
    pub address: String,
    /// Its file, from the workspace's root.
    pub file: String,
    /// What it says.
    pub text: String,
    /// What it is called in the sidebar, and in links that have no words of
    /// their own.
    pub title: String,
    /// How far in it stands: a chapter 0, its sections and the list of its
    /// exercises 1, an exercise 2.
    depth: usize,
    /// Which part of its chapter a section belongs to.
    part: Option<Part>,
}

/// The parts of a chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first book: each page builds on those before it.
    Core,
    /// What may be left for later.
    Deeper,
}

impl Page {
    /// Says whether it belongs to a chapter.
    pub fn is_part(&self) -> bool {
        self.depth > 0
    }

    /// Returns the part of the chapter that this section belongs to.
    pub fn part(&self) -> Option<Part> {
        self.part
    }

    /// Says whether it is the page of a section.
    pub fn is_section(&self) -> bool {
        is_section(&self.address)
    }
}

/// Says whether an address is that of a section's page: it is in a chapter's
/// folder, right there, and is not that chapter's own page.
pub fn is_section(address: &str) -> bool {
    address.matches('/').count() == 1
        && !address.ends_with("/index.md")
        && !address.starts_with("exercises/")
}

/// All pages, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    list: Vec<Page>,
    by_address: BTreeMap<String, usize>,
    by_file: BTreeMap<String, usize>,
}

impl Pages {
    /// Finds the pages of the book of the workspace at `root`, and what is
    /// wrong with the lists of them.
    pub fn read(root: &Path) -> (Pages, Vec<Fault>) {
        let mut pages = Pages::default();
        let mut faults = Vec::new();
        let summary = match fs::read_to_string(root.join(SUMMARY)) {
            Ok(summary) => summary,
            Err(err) => {
                faults.push(Fault::new(SUMMARY, 0, err));
                return (pages, faults);
            }
        };
        let mut number = 0;
        for (i, line) in summary.lines().enumerate() {
            number += usize::from(line.starts_with("- ["));
            let Some((title, link)) = line.split_once("](") else {
                continue;
            };
            let link = link.split(')').next().unwrap_or_default();
            let file = resolve(FOLDER, link);
            let title = title.split_once('[').map_or("", |(_, title)| title);
            let mut fault =
                |what| faults.push(Fault::new(SUMMARY, i + 1, what));
            if let Err(what) = pages.add(root, &file, Some(title), 0) {
                fault(what);
                continue;
            }
            let chapter = file.strip_suffix("/page.md").unwrap_or_default();
            if chapter.is_empty() || chapter.starts_with("exercises") {
                continue;
            }
            if number_of(chapter).is_some_and(|own| own != number) {
                // mdBook counts what has a bullet; a page without one is not
                // counted.
                fault(anyhow!("{chapter} would be chapter {number}"));
            }
            if let Err(what) = pages.chapter(root, chapter) {
                faults.push(Fault::new(chapter, 0, what));
            }
        }
        faults.extend(pages.unlinked(root));
        (pages, faults)
    }

    /// Adds the sections and exercises of a chapter.
    fn chapter(&mut self, root: &Path, chapter: &str) -> Result<()> {
        let all = sections::slugs(root, chapter, "--all")?;
        let core = sections::slugs(root, chapter, "--core")?;
        let (core, deeper): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|slug| core.contains(slug));
        for (part, slugs) in [(Part::Core, core), (Part::Deeper, deeper)] {
            for slug in slugs {
                let room = Room::new(root, chapter, &slug);
                self.add(root, &room.file("page.md"), None, 1)?;
                if let Some(page) = self.list.last_mut() {
                    page.part = Some(part);
                }
            }
        }
        let short = chapter.split('-').next().unwrap_or_default();
        let exercises = Exercise::all(root)?;
        let mut own = exercises.iter().filter(|e| e.chapter == short);
        if let Some(first) = own.next() {
            let list = format!("exercises/{short}/page.md");
            self.add(root, &list, Some("Exercises"), 1)?;
            for exercise in std::iter::once(first).chain(own) {
                let file = format!("exercises/{}/page.md", exercise.path());
                self.add(root, &file, None, 2)?;
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        root: &Path,
        file: &str,
        title: Option<&str>,
        depth: usize,
    ) -> Result<()> {
        if !root.join(file).is_file() {
            bail!("there is no page {file}");
        }
        let text = fs::read_to_string(root.join(file))
            .with_context(|| file.to_string())?;
        let heading = text.lines().next().and_then(|l| l.strip_prefix("# "));
        let title = match (title, heading) {
            (Some(title), _) => title,
            (None, Some(heading)) => heading,
            (None, None) => bail!("{file} begins with no title"),
        };
        let page = Page {
            address: address(file),
            file: file.to_string(),
            title: title.to_string(),
            text,
            depth,
            part: None,
        };
        let place = self.list.len();
        if self.by_file.insert(file.to_string(), place).is_some() {
            bail!("{file} is there twice");
        }
        self.by_address.insert(page.address.clone(), place);
        self.list.push(page);
        Ok(())
    }

    /// Finds pages that nothing lists.
    fn unlinked(&self, root: &Path) -> Vec<Fault> {
        let mut found: Vec<String> = markdown(&root.join(FOLDER))
            .into_iter()
            .map(|name| format!("{FOLDER}/{name}"))
            .collect();
        let chapters = self.list.iter().filter_map(|page| {
            let chapter = page.file.strip_suffix("/page.md")?;
            (!chapter.contains('/')).then_some(chapter)
        });
        for chapter in chapters {
            let rooms = Room::all(root, chapter);
            found.extend(rooms.iter().map(|room| room.file("page.md")));
        }
        let lost = found.into_iter().filter(|file| {
            file != SUMMARY
                && !self.by_file.contains_key(file)
                && root.join(file).is_file()
        });
        lost.map(|file| match file.starts_with(FOLDER) {
            true => Fault::new(file, 0, "SUMMARY.md does not link it"),
            false => Fault::new(file, 0, "its section has no row in the table"),
        })
        .collect()
    }

    /// Returns all pages in reading order.
    pub fn iter(&self) -> impl Iterator<Item = &Page> {
        self.list.iter()
    }

    /// Returns the page with this address.
    pub fn get(&self, address: &str) -> Option<&Page> {
        self.by_address.get(address).map(|place| &self.list[*place])
    }

    /// Returns the file of the page with this address, or the address where
    /// there is no such page.
    pub fn file<'a>(&'a self, address: &'a str) -> &'a str {
        self.get(address).map_or(address, |page| &page.file)
    }

    /// Counts the pages.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Says whether there are no pages.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Makes the links between pages, which lead from file to file, lead from
    /// address to address.
    ///
    /// What leads to no page is left as it is, and is found dead later.
    pub fn resolve_links(&self, page: &str, line: &str) -> String {
        let folder = self.file(page);
        let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut text = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(at) = rest.find("](").or(rest.find("href=\"")) {
            let markdown = rest[at..].starts_with("](");
            let (skip, end) = if markdown { (2, ')') } else { (6, '"') };
            let (before, link) = rest.split_at(at + skip);
            text += before;
            let length = link.find(end).unwrap_or(link.len());
            let (path, anchor) = match link[..length].split_once('#') {
                Some((path, _)) => (path, &link[path.len()..length]),
                None => (&link[..length], ""),
            };
            let to = resolve(folder, path);
            match self.by_file.get(&to).filter(|_| path.ends_with(".md")) {
                Some(place) => {
                    let to = &self.list[*place].address;
                    let to = relative(page, to);
                    text += &match markdown {
                        true => to,
                        false => to.replace(".md", ".html"),
                    };
                    text += anchor;
                }
                None => text += &link[..length],
            }
            rest = &link[length..];
        }
        text + rest
    }

    /// Returns how a page's file says a link that leads from address to
    /// address: the opposite of [`Pages::resolve_links`].
    pub fn link_in_file(&self, page: &str, link: &str) -> Option<String> {
        let (path, anchor) = match link.split_once('#') {
            Some((path, _)) => (path, &link[path.len()..]),
            None => (link, ""),
        };
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        let to = resolve(folder, &path.replace(".html", ".md"));
        let to = self.get(&to)?;
        Some(relative(self.file(page), &to.file) + anchor)
    }

    /// Returns what stands below a section's title: its chapter and its part.
    pub fn part_line(&self, address: &str) -> Option<String> {
        let part = match self.get(address)?.part()? {
            Part::Core => "core",
            Part::Deeper => "going deeper",
        };
        let folder = address.split('/').next()?;
        let chapter = &self.get(&format!("{folder}/index.md"))?.title;
        Some(format!(
            "\n<p class=\"part\"><a href=\"index.html\">{}</a> · {part}</p>\n",
            escape(chapter)
        ))
    }

    /// Returns the pages as mdBook has them.
    pub fn book(&self) -> Book {
        Book::new_with_items(nested(&self.list, &[], &[]))
    }

    /// Makes a list of pages by hand, each as address and text.
    #[cfg(test)]
    pub(crate) fn of(pages: &[(&str, &str)]) -> Pages {
        let mut all = Pages::default();
        for (address, text) in pages {
            let file = match address.split_once('/') {
                Some((chapter, "index.md")) => format!("{chapter}/page.md"),
                Some((chapter, slug)) => {
                    let slug = slug.trim_end_matches(".md");
                    Room::new(Path::new(""), chapter, slug).file("page.md")
                }
                None => format!("{FOLDER}/{address}"),
            };
            let place = all.list.len();
            all.by_file.insert(file.clone(), place);
            all.by_address.insert((*address).to_string(), place);
            all.list.push(Page {
                address: (*address).to_string(),
                file,
                title: (*address).to_string(),
                text: (*text).to_string(),
                depth: 0,
                part: None,
            });
        }
        all
    }
}

/// Makes mdBook's chapters of pages, each with those that follow it further in.
///
/// `numbers` and `parents` are those of the chapter that the pages are in.
fn nested(
    pages: &[Page],
    numbers: &[u32],
    parents: &[String],
) -> Vec<BookItem> {
    let folded = [DEEPER.to_string()];
    let mut items = Vec::new();
    let (mut number, mut rest) = (0, pages);
    while let Some((page, after)) = rest.split_first() {
        if page.part == Some(Part::Deeper) && !parents.ends_with(&folded) {
            let deeper = |page: &&Page| page.part == Some(Part::Deeper);
            let (deeper, others) =
                rest.split_at(rest.iter().take_while(deeper).count());
            rest = others;
            number += 1;
            let mut heading = Chapter::new_draft(DEEPER, parents.to_vec());
            let numbers = [numbers, &[number]].concat();
            let parents = [parents, &folded].concat();
            heading.sub_items = nested(deeper, &numbers, &parents);
            heading.number = Some(SectionNumber::new(numbers));
            items.push(BookItem::Chapter(heading));
            continue;
        }
        let is_inner = |other: &&Page| other.depth > page.depth;
        let inner = after.iter().take_while(is_inner).count();
        let (inner, others) = after.split_at(inner);
        rest = others;
        // The sidebar shows names as they are, not as Markdown.
        let name = page.title.replace('`', "");
        let mut chapter = Chapter::new(
            &name,
            page.text.clone(),
            &page.address,
            parents.to_vec(),
        );
        if page.is_part() || !inner.is_empty() {
            number += 1;
            let numbers = [numbers, &[number]].concat();
            let parents = [parents, std::slice::from_ref(&name)].concat();
            chapter.sub_items = nested(inner, &numbers, &parents);
            chapter.number = Some(SectionNumber::new(numbers));
        } else if matches!(items.last(), Some(BookItem::Chapter(last)) if last.number.is_some())
        {
            // Behind the last chapter.
            items.push(BookItem::Separator);
        }
        items.push(BookItem::Chapter(chapter));
    }
    items
}

/// Returns the address of a page's file.
fn address(file: &str) -> String {
    if let Some(page) = file.strip_prefix("book/pages/") {
        return page.to_string();
    }
    let folder = file.strip_suffix("/page.md").unwrap_or(file);
    match folder.split_once("/src/") {
        Some((chapter, module)) => {
            format!("{chapter}/{}.md", module.replace('_', "-"))
        }
        None if folder.matches('/').count() == 2 => format!("{folder}.md"),
        None => format!("{folder}/index.md"),
    }
}

/// Returns the number of a chapter: `ch04-async` is 4.
fn number_of(chapter: &str) -> Option<usize> {
    chapter.strip_prefix("ch")?.split('-').next()?.parse().ok()
}

/// Resolves a link from a folder, both from the workspace's root.
pub(crate) fn resolve(folder: &str, link: &str) -> String {
    // From a folder that is there for nothing else, so that no `..` is lost.
    let path = normal(&Path::new("/").join(folder).join(link));
    let path = path.strip_prefix("/").unwrap_or(&path);
    path.to_string_lossy().replace('\\', "/")
}

/// Returns the way from one file to another.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let shared = from[..folders]
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    "../".repeat(folders - shared) + &to[shared..].join("/")
}

/// Lists the Markdown files of a folder.
fn markdown(folder: &Path) -> Vec<String> {
    // A folder that cannot be read has no pages, and SUMMARY.md misses them.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let pages = paths.filter(|path| path.extension() == Some("md".as_ref()));
    let name = |path: PathBuf| path.file_name()?.to_str().map(str::to_string);
    let mut names: Vec<String> = pages.filter_map(name).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_page_has_its_address() {
        for (file, wanted) in [
            ("book/pages/limits.md", "limits.md"),
            ("ch01-threads/page.md", "ch01-threads/index.md"),
            ("ch01-threads/src/a_b/page.md", "ch01-threads/a-b.md"),
            ("exercises/page.md", "exercises/index.md"),
            ("exercises/ch01/page.md", "exercises/ch01/index.md"),
            ("exercises/ch01/latch/page.md", "exercises/ch01/latch.md"),
        ] {
            assert_eq!(address(file), wanted);
        }
    }

    #[test]
    fn a_link_from_file_to_file_leads_from_address_to_address() {
        let pages = Pages::of(&[
            ("limits.md", ""),
            ("ch1/index.md", ""),
            ("ch1/a-b.md", ""),
            ("ch2/c.md", ""),
        ]);
        let there = |page: &str, link: &str, wanted: &str| {
            let line = format!("[a]({link}) b [c](https://d/e.md)");
            let wanted_line = format!("[a]({wanted}) b [c](https://d/e.md)");
            assert_eq!(pages.resolve_links(page, &line), wanted_line);
            let back = pages.link_in_file(page, wanted);
            assert_eq!(back.as_deref(), Some(link));
        };
        there(
            "ch1/a-b.md",
            "../../../ch2/src/c/page.md#d",
            "../ch2/c.md#d",
        );
        there(
            "ch1/a-b.md",
            "../../../book/pages/limits.md",
            "../limits.md",
        );
        there("ch1/a-b.md", "../../page.md", "index.md");
        there("limits.md", "../../ch1/src/a_b/page.md", "ch1/a-b.md");
        let html = "<a href=\"../../page.md\">x</a>";
        let wanted = "<a href=\"index.html\">x</a>";
        assert_eq!(pages.resolve_links("ch1/a-b.md", html), wanted);
        let dead = "[a](../no/page.md)";
        assert_eq!(pages.resolve_links("ch1/a-b.md", dead), dead);
    }
}
