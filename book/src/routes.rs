//! The order of reading: what each page needs, and the routes through the book.
//!
//! A page that presupposes others says so in one line near its top,
//! `You need: [links].` What is needed stands earlier in the book, and the core
//! never needs what lies deeper. `book/data/routes.toml` has the routes; none of
//! them visits a section before what it needs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::fault::Fault;
use crate::pages::{Page, Pages, Part, resolve};

const FILE: &str = "book/data/routes.toml";
const MARK: &str = "You need: ";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Routes {
    route: Vec<Route>,
}

/// A way through the book.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    /// For whom it is, or how long it takes.
    title: String,
    /// What the reader can do afterwards.
    goal: String,
    /// `CHAPTER/SLUG`, in reading order.
    sections: Vec<String>,
    /// Whether the reader is expected to know what its first sections need.
    #[serde(default)]
    known: Vec<String>,
}

/// Finds pages that need what comes later, and routes that leave out what they
/// need.
pub fn check(root: &Path, pages: &Pages) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, page) in pages.iter().enumerate() {
        for (line, needed) in needs(page) {
            let mut fault =
                |what| faults.push(Fault::new(&page.file, line, what));
            let found = pages.iter().position(|other| other.file == needed);
            match found.map(|at| (at, pages.iter().nth(at))) {
                Some((at, _)) if at >= place => {
                    fault(format!("needs {needed}, which comes later"));
                }
                Some((_, Some(other)))
                    if page.part() == Some(Part::Core)
                        && other.part() == Some(Part::Deeper) =>
                {
                    fault(format!("is core, but needs {needed}"));
                }
                Some(_) => {}
                None => fault(format!("needs {needed}, which is no page")),
            }
        }
    }
    if !root.join(FILE).exists() {
        return faults;
    }
    match read(root) {
        Ok(routes) => {
            let found = routes.iter().flat_map(|route| route.gaps(pages));
            faults.extend(found.map(|what| Fault::new(FILE, 0, what)));
        }
        Err(fault) => faults.push(fault),
    }
    faults
}

/// Returns all routes in Markdown: a heading and a numbered list for each.
///
/// # Errors
///
/// The routes cannot be read, or one names a section that is not there.
pub fn table(root: &Path, pages: &Pages) -> Result<String> {
    let routes = read(root).map_err(|fault| anyhow!("{fault}"))?;
    let mut text = String::new();
    for route in routes {
        text += &format!(
            "<details class=\"route\"><summary><strong>{}</strong> ({} pages): {}</summary>\n\n",
            route.title,
            route.sections.len(),
            route.goal
        );
        for section in &route.sections {
            let address = format!("{section}.md");
            let page = pages
                .get(&address)
                .with_context(|| format!("no section {section}"))?;
            text += &format!("1. [{}]({address})\n", page.title);
        }
        text += "\n</details>\n\n";
    }
    Ok(text)
}

fn read(root: &Path) -> Result<Vec<Route>, Fault> {
    let text = fs::read_to_string(root.join(FILE))
        .map_err(|err| Fault::new(FILE, 0, err))?;
    let routes: Routes = Fault::or_toml(FILE, &text)?;
    Ok(routes.route)
}

impl Route {
    /// Says what is missing before each section.
    fn gaps(&self, pages: &Pages) -> Vec<String> {
        let mut gaps = Vec::new();
        let mut read: BTreeSet<String> = BTreeSet::new();
        for known in &self.known {
            match pages.get(&format!("{known}.md")) {
                Some(page) => drop(read.insert(page.file.clone())),
                None => gaps.push(format!("no section {known}")),
            }
        }
        for section in &self.sections {
            let Some(page) = pages.get(&format!("{section}.md")) else {
                gaps.push(format!("{}: no section {section}", self.title));
                continue;
            };
            for (_, needed) in needs(page) {
                if !read.contains(&needed) {
                    let title = &self.title;
                    gaps.push(format!(
                        "{title}: {section} comes before {needed}"
                    ));
                }
            }
            read.insert(page.file.clone());
        }
        gaps
    }
}

/// Returns the files of the pages that a page needs, with the line that says so.
fn needs(page: &Page) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let folder = page.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let lines = page.text.lines().enumerate();
    for (i, line) in lines.filter(|(_, line)| line.starts_with(MARK)) {
        for link in line.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap_or_default();
            found.push((i + 1, resolve(folder, link)));
        }
    }
    found
}
