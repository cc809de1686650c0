//! The builder of the book.
//!
//! The modules in the order of the work:
//!
//! - [`pages`]: which pages there are; [`sources`]: nothing is pasted into
//!   them; [`page_lint`]: every section's page has what a page has.
//! - [`directives`] are replaced by what they name: [`listing`] (by [`items`]),
//!   [`transcript`], [`sections`], [`measurement`], [`map`], [`glossary`],
//!   [`stepper`] (of `schedules`, with its `graph`), [`timeline`],
//!   [`terminal`], [`exercise`], [`diff`], [`outcomes`]; [`claims`]: no number
//!   without its source.
//! - `prose_lint`: each sentence names its actor.
//! - [`routes`]: no page needs what comes later; [`terms`]: no page of the core
//!   uses a term before it is explained.
//! - [`commands`]: what a page tells its reader to type would run.
//! - [`warnings`]: each warning that mdBook logs is a fault.
//! - [`links`]: every link and anchor of the book as it was built.
//! - [`files`]: whole files; [`provenance`]: no output without its run.
//! - `colophon`: the last line of every page. [`epub`]: all pages as one file.
//! - [`fault`], [`html`]: how faults are reported, and how HTML is written.

use std::path::Path;
use std::sync::PoisonError;

use mdbook_driver::MDBook;

use crate::directives::Directives;
use crate::fault::Fault;
use crate::pages::Pages;

pub mod claims;
mod colophon;
pub mod commands;
pub mod diff;
pub mod directives;
pub mod epub;
pub mod exercise;
pub mod fault;
pub mod files;
pub mod glossary;
mod graph;
pub mod html;
pub mod items;
pub mod links;
pub mod listing;
pub mod map;
pub mod measurement;
pub mod outcomes;
pub mod page_lint;
pub mod pages;
mod prose_lint;
pub mod provenance;
pub mod routes;
pub mod sections;
pub mod sources;
pub mod stepper;
pub mod terminal;
pub mod terms;
pub mod timeline;
pub mod transcript;
pub mod warnings;

const CONFIG: &str = "book/book.toml";

/// What a book that was built has.
#[derive(Debug, PartialEq, Eq)]
pub struct Built {
    /// Its pages.
    pub pages: usize,
    /// The outputs on them, each of which comes from a run.
    pub outputs: usize,
}

/// Builds the book of the workspace at `root` into the folder `out` and checks
/// it; returns what it has.
///
/// # Errors
///
/// Everything that is wrong with it. While its sources are at fault, an older
/// book at `out` stays as it is.
pub fn build(root: &Path, out: &Path) -> Result<Built, Vec<Fault>> {
    refuse_foreign_dir(out)?;
    let (pages, faults) = Pages::read(root);
    let mut faults = faults;
    faults.extend(sources::check(&pages));
    faults.extend(commands::check(root, &pages));
    faults.extend(page_lint::check(&pages));
    faults.extend(map::check(root, &pages));
    faults.extend(glossary::check(root, &pages));
    faults.extend(routes::check(root, &pages));
    faults.extend(prose_lint::check(root, &pages));
    let directives = Directives::new(root, pages.clone());
    let files = directives.files();
    let (built, warnings) =
        warnings::collect(|| render(root, out, &pages, directives));
    if let Err(found) = built {
        faults.extend(found);
    }
    faults.extend(warnings.into_iter().map(|what| Fault::new(CONFIG, 0, what)));
    let mut outputs = 0;
    if faults.is_empty() {
        // mdBook has dropped its preprocessor: no other thread has the list.
        let files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files::write(root, out, &files)?;
        (outputs, faults) = provenance::check(root, out, &pages)?;
    }
    if faults.is_empty() {
        faults = links::check(&pages, out)?;
    }
    if faults.is_empty() {
        Ok(Built {
            pages: pages.len(),
            outputs,
        })
    } else {
        Err(faults)
    }
}

/// Lets mdBook do its work.
fn render(
    root: &Path,
    out: &Path,
    pages: &Pages,
    directives: Directives,
) -> Result<(), Vec<Fault>> {
    let faults = directives.faults();
    let result = MDBook::load(root.join("book")).and_then(|mut book| {
        // mdBook reads only those that SUMMARY.md links.
        book.book = pages.book();
        book.config.build.build_dir = out.to_path_buf();
        book.with_preprocessor(directives);
        book.build()
    });
    let faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    match result {
        Ok(()) => Ok(()),
        // mdBook stops with one error; the list has all, with their lines.
        Err(_) if !faults.is_empty() => Err(faults.clone()),
        Err(err) => Err(vec![Fault::new(CONFIG, 0, format!("{err:#}"))]),
    }
}

/// Refuses a folder that mdBook, which empties it, would destroy.
fn refuse_foreign_dir(out: &Path) -> Result<(), Fault> {
    let empty = out.read_dir().map_or(true, |mut dir| dir.next().is_none());
    // mdBook puts this file into every book.
    if out.is_dir() && (empty || out.join(".nojekyll").is_file()) {
        return Ok(());
    }
    if out.exists() {
        let what = "is no book; name a new folder with --out";
        return Err(Fault::new(out.to_string_lossy(), 0, what));
    }
    Ok(())
}
