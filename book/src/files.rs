//! Whole files, each on a page of its own: one click from every listing.
//!
//! They are plain pages beside the book's, so that they need no server and are
//! not among the results of its search.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::fault::Fault;
use crate::html::escape;
use crate::listing::read;

/// The folder of the book in which the files are.
pub const FOLDER: &str = "files";

/// What a listing's link starts with, until it is known from which page it
/// leads there.
pub const MARK: &str = "href=\"@files/";

/// The files that listings link.
pub type Files = BTreeMap<String, Linked>;

/// The pages that link a file, and the lines that they link.
#[derive(Debug, Default)]
pub struct Linked {
    /// The pages that show it.
    pages: BTreeSet<String>,
    /// The lines that their listings start at.
    lines: BTreeSet<usize>,
}

/// Makes the links of a page lead to the files, and notes them in `files`.
pub fn resolve(page: &str, text: &str, files: &mut Files) -> String {
    let up = "../".repeat(page.matches('/').count());
    for link in text.split(MARK).skip(1) {
        let link = link.split('"').next().unwrap_or_default();
        let (path, line) = link.split_once(".html#L").unwrap_or((link, ""));
        let linked = files.entry(path.to_string()).or_default();
        linked.pages.insert(page.to_string());
        linked.lines.extend(line.parse::<usize>());
    }
    text.replace(MARK, &format!("href=\"{up}{FOLDER}/"))
}

/// Writes the files' pages into the book at `out`.
///
/// # Errors
///
/// What cannot be read or written.
pub fn write(root: &Path, out: &Path, files: &Files) -> Result<(), Fault> {
    for (path, linked) in files {
        let to = out.join(FOLDER).join(format!("{path}.html"));
        let text = read(root, path).map_err(|err| Fault::new(path, 0, err))?;
        let folder = to.parent().unwrap_or(out);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&to, page(path, &text, linked)))
            .map_err(|err| Fault::new(path, 0, err))?;
    }
    Ok(())
}

fn page(path: &str, text: &str, linked: &Linked) -> String {
    let up = "../".repeat(path.matches('/').count() + 1);
    let path = escape(path);
    let pages: Vec<String> = linked
        .pages
        .iter()
        .map(|page| {
            let name = page.trim_end_matches(".md");
            format!("<a href=\"{up}{name}.html\">{name}</a>")
        })
        .collect();
    let (mut numbers, mut lines) = (String::new(), String::new());
    for (i, line) in (1..).zip(text.lines()) {
        // Writing to a string cannot fail.
        writeln!(numbers, "{i}").ok();
        let line = escape(line);
        match linked.lines.contains(&i) {
            true => writeln!(lines, "<span id=\"L{i}\">{line}</span>").ok(),
            false => writeln!(lines, "{line}").ok(),
        };
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\
         \n<title>{path} - Spinning Plates</title>\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1><code>{path}</code></h1>\n<p>Shown on: {}</p>\n\
         <div class=\"code\"><pre aria-hidden=\"true\">{numbers}</pre>\
         <pre tabindex=\"0\"><code>{lines}</code></pre></div>\n</main>\n\
         </body>\n</html>\n",
        pages.join(", ")
    )
}

/// The system's own colours, which are dark where it is.
const STYLE: &str = "
:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.5 sans-serif; }
main { max-width: 60rem; margin: auto; padding: 1rem; }
h1 { font-size: 1.1rem; overflow-wrap: anywhere; }
.code { display: flex; gap: 1.5em; line-height: 1.45; }
.code pre { margin: 0; }
.code pre + pre { flex: 1; overflow-x: auto; }
.code pre:first-child { text-align: right; opacity: 0.75; user-select: none; }
pre span:target { background: Mark; color: MarkText; }
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_out_of_the_pages_folder_and_is_taken_down() {
        let mut files = Files::new();
        let link = "<a href=\"@files/a/b.rs.html#L3\">";
        assert_eq!(
            resolve("ch/x.md", link, &mut files),
            "<a href=\"../files/a/b.rs.html#L3\">"
        );
        let linked = &files["a/b.rs"];
        assert!(linked.pages.contains("ch/x.md") && linked.lines.contains(&3));
    }

    #[test]
    fn a_file_is_shown_whole_with_numbered_lines_and_the_way_back() {
        let linked = Linked {
            pages: ["ch/x.md".to_string()].into(),
            lines: [3].into(),
        };
        let html = page("a/b.rs", "fn a() {\n\n}\n", &linked);
        assert!(html.contains("<span id=\"L3\">}</span>"), "{html}");
        assert!(html.contains("href=\"../../ch/x.html\""), "{html}");
    }
}
