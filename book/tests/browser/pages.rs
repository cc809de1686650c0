//! What the tests of the book in a browser share: the book.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Builds the book, once for all tests; returns its folder.
pub fn book() -> &'static Path {
    static BOOK: OnceLock<PathBuf> = OnceLock::new();
    BOOK.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
        if let Err(faults) = book::build(&root, &out) {
            panic!("{faults:#?}");
        }
        out
    })
}

/// Returns the address of a page: `ch01-threads/spinner.html`.
pub fn url(page: &str) -> String {
    format!("file://{}/{page}", book().display())
}

/// Returns the first page that contains `wanted`.
pub fn page_with(wanted: &str) -> String {
    let found = pages().into_iter().find(|(_, html)| html.contains(wanted));
    found.unwrap_or_else(|| panic!("no page with `{wanted}`")).0
}

/// Returns all pages that a reader turns to, with their HTML.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(book().join(&folder)).expect("a folder");
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{folder}{name}");
            if entry.path().is_dir() {
                folders.push(format!("{name}/"));
            } else if name.ends_with(".html") {
                let html = fs::read_to_string(entry.path()).expect("a page");
                pages.push((name, html));
            }
        }
    }
    // The whole book as one page, and the sidebar for those without scripts.
    pages.retain(|(name, _)| name != "print.html" && name != "toc.html");
    pages.sort();
    pages
}

/// Returns few pages that hold between them every class that a page has: what
/// is wrong with one kind of figure is wrong on one of these.
pub fn one_of_each_kind() -> Vec<String> {
    let mut left: Vec<(String, BTreeSet<String>)> = pages()
        .into_iter()
        .map(|(name, html)| (name, classes(&html)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut chosen = Vec::new();
    loop {
        let news = |classes: &BTreeSet<String>| {
            classes
                .iter()
                .filter(|class| !seen.contains(*class))
                .count()
        };
        let best = left.iter().max_by_key(|(_, classes)| news(classes));
        let Some((name, classes)) = best.cloned() else {
            break;
        };
        if news(&classes) == 0 {
            break;
        }
        seen.extend(classes);
        left.retain(|(other, _)| *other != name);
        chosen.push(name);
    }
    chosen
}

/// The classes in the text of a page, and its elements that have none.
fn classes(html: &str) -> BTreeSet<String> {
    let main = html.split("<main>").nth(1).unwrap_or_default();
    let main = main.split("</main>").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for attribute in main.split("class=\"").skip(1) {
        let value = attribute.split('"').next().unwrap_or_default();
        found.extend(value.split_whitespace().map(str::to_string));
    }
    for tag in ["<table", "<details", "<svg", "<ol", "<form", "<blockquote"] {
        if main.contains(tag) {
            found.insert(tag.to_string());
        }
    }
    found
}
