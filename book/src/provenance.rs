//! Checks that every output in the book comes from a run.
//!
//! A figure that shows an output names the recorded file that it shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::fault::Fault;
use crate::pages::Pages;

/// The attribute of an output that names its recorded file.
pub const MARK: &str = "data-run=\"";

/// Counts the outputs in the pages as they were built; each has to name its
/// recorded file.
///
/// # Errors
///
/// A page cannot be read.
pub fn check(
    root: &Path,
    out: &Path,
    pages: &Pages,
) -> Result<(usize, Vec<Fault>), Fault> {
    let (mut shown, mut faults) = (0, Vec::new());
    for page in pages.iter() {
        let built = out.join(&page.address).with_extension("html");
        let html = fs::read_to_string(&built)
            .map_err(|err| Fault::new(built.to_string_lossy(), 0, err))?;
        let main = html.split("<main").nth(1).unwrap_or_default();
        // All frames of a recording are one output.
        let mut seen = BTreeSet::new();
        for output in outputs(main) {
            let run = recorded_file(output);
            shown += usize::from(run.is_none_or(|run| seen.insert(run)));
            if !run.is_some_and(|run| root.join(run).is_file()) {
                let what = "shows an output that does not come from a run";
                faults.push(Fault::new(&page.file, 0, what));
            }
        }
    }
    Ok((shown, faults))
}

/// Finds the tags of what looks like output: `<samp>`, and code without a
/// programming language.
fn outputs(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.split('<').skip(1);
    tags.filter_map(|tag| tag.split('>').next()).filter(|tag| {
        tag.starts_with("samp")
            || ["text", "console"].iter().any(|language| {
                let class = format!("language-{language}");
                tag.starts_with("code") && tag.contains(&class)
            })
    })
}

fn recorded_file(tag: &str) -> Option<&str> {
    tag.split(MARK).nth(1)?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_that_names_no_recorded_file_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).unwrap();
        };
        write("a.txt", "command\n1\n");
        let main = "<main><samp data-run=\"a.txt\">1</samp>";
        let pages = Pages::of(&[("a.md", "")]);
        let check = || check(folder.path(), folder.path(), &pages).unwrap();
        write("a.html", main);
        assert_eq!(check(), (1, Vec::new()));
        for typed in [
            "<samp>2</samp>",
            "<samp data-run=\"b.txt\">2</samp>",
            "<pre><code class=\"language-text\">2</code></pre>",
        ] {
            write("a.html", &format!("{main}{typed}"));
            let (shown, faults) = check();
            assert_eq!((shown, faults.len()), (2, 1), "{typed}");
        }
    }
}
