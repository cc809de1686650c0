//! The pages as they were built, and what each of them shows.
//!
//! A page says in its HTML which recordings and which files are on it. What it
//! does not show cannot be run or edited from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The folder of the book.
pub struct Site {
    folder: PathBuf,
}

/// What one page shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Recordings: `ch01-threads/src/spawn/recorded/rust.txt`.
    pub runs: BTreeSet<String>,
    /// Files of listings: `ch01-threads/src/spawn/mod.rs`.
    pub files: BTreeSet<String>,
    /// The section whose schedules the page has.
    pub schedules: Option<String>,
}

impl Site {
    /// Opens the book that was built into `folder`.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn open(folder: &Path) -> Result<Site> {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("no book at {}", folder.display()))?;
        ensure!(
            folder.join("index.html").is_file(),
            "no book at {}",
            folder.display()
        );
        Ok(Site { folder })
    }

    /// Returns where a file of the book is; nothing if it is not in the book.
    pub fn file(&self, address: &str) -> Option<PathBuf> {
        let address = if address.is_empty() {
            "index.html"
        } else {
            address
        };
        if !is_inside(address) {
            return None;
        }
        let path = self.folder.join(address).canonicalize().ok()?;
        (path.starts_with(&self.folder) && path.is_file()).then_some(path)
    }

    /// Returns what a page shows.
    ///
    /// # Errors
    ///
    /// There is no such page.
    pub fn shown(&self, page: &str) -> Result<Shown> {
        let path = self.file(page).filter(|_| page.ends_with(".html"));
        let path = path.with_context(|| format!("there is no page {page}"))?;
        let html = fs::read_to_string(path).context("the page")?;
        Ok(Shown::of(page, &html))
    }
}

/// Says whether a path leads nowhere but down.
pub fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty()
        && !path.contains('\\')
        && parts.all(|part| matches!(part, Component::Normal(_)))
}

impl Shown {
    /// Reads what a page shows out of its HTML.
    pub fn of(page: &str, html: &str) -> Shown {
        let values = |before: &str| -> Vec<String> {
            let parts = html.split(before).skip(1);
            let values = parts.filter_map(|rest| rest.split('"').next());
            values.map(str::to_string).collect()
        };
        let up = "../".repeat(page.matches('/').count());
        let files = values(&format!("href=\"{up}files/"));
        let files = files.iter().filter_map(|link| {
            let path = link.split(".html").next()?;
            is_inside(path).then(|| path.to_string())
        });
        let schedules = values("class=\"schedules\" data-name=\"");
        Shown {
            runs: values("data-run=\"").into_iter().collect(),
            files: files.collect(),
            schedules: schedules.into_iter().next(),
        }
    }

    /// Refuses a recording that the page does not show.
    ///
    /// # Errors
    ///
    /// The page does not show it.
    pub fn has_run(&self, run: &str) -> Result<()> {
        match self.runs.contains(run) {
            true => Ok(()),
            false => bail!("the page shows no {run}"),
        }
    }

    /// Refuses a file that the page does not show, or that belongs to no
    /// chapter: of the others there is no copy that could be built.
    ///
    /// # Errors
    ///
    /// As said.
    pub fn has_file(&self, file: &str) -> Result<()> {
        match self.files.contains(file) && is_of_a_chapter(file) {
            true => Ok(()),
            false => bail!("the page shows no listing of {file}"),
        }
    }
}

/// Says whether a file is in the folder of a chapter.
pub fn is_of_a_chapter(file: &str) -> bool {
    let digits = file.strip_prefix("ch").and_then(|rest| rest.get(..3));
    digits.is_some_and(|digits| {
        let (number, dash) = digits.split_at(2);
        number.bytes().all(|b| b.is_ascii_digit()) && dash == "-"
    })
}

/// Puts the live book's script and style into a page, and marks the page's own
/// scripts with `nonce`, so that the policy lets no other run.
pub fn enliven(html: &str, page: &str, root: &str, nonce: &str) -> String {
    let html = html.replace("<script>", &format!("<script nonce=\"{nonce}\">"));
    if page.starts_with("files/") || page == "toc.html" || page == "print.html"
    {
        return html;
    }
    let ours = format!(
        "<link rel=\"stylesheet\" href=\"{root}_live/live.css\">\n\
         <script src=\"{root}_live/live.js\" data-root=\"{root}\" \
         data-page=\"{page}\" defer></script>\n</head>"
    );
    html.replacen("</head>", &ours, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_shows() {
        let html = "<samp data-run=\"ch/src/a/recorded/rust.txt\">\
                    <a href=\"../files/ch01-a/src/a/mod.rs.html#L3\">\
                    <a href=\"../files/../secret.html\">\
                    <figure class=\"schedules\" data-name=\"a-b\">";
        let shown = Shown::of("ch/a.html", html);
        assert_eq!(shown.runs.len(), 1);
        assert_eq!(shown.schedules.as_deref(), Some("a-b"));
        assert!(shown.has_run("ch/src/a/recorded/rust.txt").is_ok());
        assert!(shown.has_run("ch/src/b/recorded/rust.txt").is_err());
        assert!(shown.has_file("ch01-a/src/a/mod.rs").is_ok());
        assert_eq!(shown.files.len(), 1);
    }

    #[test]
    fn only_a_path_that_leads_down_is_inside() {
        for path in ["../a", "/a", "", "a/../../b", "a\\b", "."] {
            assert!(!is_inside(path), "{path}");
        }
        assert!(is_inside("a/b.html"));
    }

    #[test]
    fn files_of_the_plumbing_are_of_no_chapter() {
        assert!(is_of_a_chapter("ch04-async/src/a.rs"));
        for file in ["crates/x.rs", "chapter/x", "ch4-x", "ch"] {
            assert!(!is_of_a_chapter(file), "{file}");
        }
    }

    #[test]
    fn the_script_is_put_into_a_page_and_not_into_a_file() {
        let html = "<head></head><script>a</script>";
        let page = enliven(html, "ch/a.html", "/t/", "n");
        assert!(page.contains("src=\"/t/_live/live.js\""), "{page}");
        assert!(page.contains("<script nonce=\"n\">a"), "{page}");
        assert!(!enliven(html, "files/a.html", "/t/", "n").contains("_live"));
    }
}
