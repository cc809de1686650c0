//! What is wrong with the pages before they are woven.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::fault::Fault;
use crate::weave::Fence;

const PAGES: &str = "book/pages";

/// The longest code block that may stand in a page: enough for a few commands.
const LONGEST: usize = 3;

/// Returns the pages that SUMMARY.md links, and every fault of the sources.
pub fn check(root: &Path) -> (BTreeSet<String>, Vec<Fault>) {
    let folder = root.join(PAGES);
    let mut faults = Vec::new();
    let file = format!("{PAGES}/SUMMARY.md");
    let summary = match fs::read_to_string(root.join(&file)) {
        Ok(summary) => summary,
        Err(err) => {
            faults.push(Fault::new(file, 0, err.to_string()));
            return (BTreeSet::new(), faults);
        }
    };
    let mut pages = BTreeSet::new();
    let mut number = 0;
    for (i, line) in summary.lines().enumerate() {
        let mut fault = |what| faults.push(Fault::new(&file, i + 1, what));
        number += usize::from(line.starts_with("- ["));
        let Some((_, link)) = line.split_once("](") else {
            continue;
        };
        let page = link.split(')').next().unwrap_or_default();
        if page.is_empty() {
            fault("a chapter without a page".to_string());
        } else if !folder.join(page).is_file() {
            fault(format!("there is no page {page}"));
        } else if !pages.insert(page.to_string()) {
            fault(format!("{page} is there twice"));
        } else if line.starts_with("- [")
            && chapter(page).is_some_and(|own| own != number)
        {
            // mdBook counts what has a bullet; a page without one is not
            // counted.
            fault(format!("{page} would be chapter {number}"));
        }
    }
    for page in markdown(&folder, "") {
        let file = format!("{PAGES}/{page}");
        if page == "SUMMARY.md" {
            continue;
        }
        if !pages.contains(&page) {
            faults.push(Fault::new(&file, 0, "SUMMARY.md does not link it"));
        }
        match fs::read_to_string(folder.join(&page)) {
            Ok(text) => faults.extend(pasted(&file, &text)),
            Err(err) => faults.push(Fault::new(&file, 0, err.to_string())),
        }
    }
    (pages, faults)
}

/// Returns the number of the chapter whose folder a page is in: `ch04-async`
/// is 4.
fn chapter(page: &str) -> Option<usize> {
    page.strip_prefix("ch")?.split('-').next()?.parse().ok()
}

/// Finds code and output that was pasted into a page.
fn pasted(file: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fence = Fence::default();
    // The first line of the open code block.
    let mut first = None;
    for (i, line) in text.lines().chain([""]).enumerate() {
        let mut fault = |line, what: &str| {
            faults.push(Fault::new(file, line, what));
        };
        let covered = fence.covers(line);
        match (covered, first) {
            (true, None) => {
                let language = line.trim().trim_start_matches(['`', '~']);
                if matches!(language.trim(), "" | "text" | "console") {
                    fault(
                        i + 1,
                        "a code block without a language looks like output; \
                         output comes from `{{#run}}`",
                    );
                }
                first = Some(i);
            }
            // Both fences are covered too.
            (false, Some(start)) => {
                if i - start - 2 > LONGEST {
                    fault(
                        start + 1,
                        "a code block of more than 3 lines; code comes from \
                         `{{#listing}}`, output from `{{#run}}`",
                    );
                }
                first = None;
            }
            _ => {}
        }
        if !covered && line.trim_start().starts_with("<pre") {
            fault(i + 1, "`<pre>` in a page; output comes from `{{#run}}`");
        }
    }
    if let Some(start) = first {
        let what = "a code block that does not end";
        faults.push(Fault::new(file, start + 1, what));
    }
    faults
}

/// Lists the Markdown files beneath a folder, as paths from it.
fn markdown(folder: &Path, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    // A folder that cannot be read has no pages, and SUMMARY.md misses them.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            found.extend(markdown(&entry.path(), &format!("{path}/")));
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of_faults(text: &str) -> Vec<usize> {
        pasted("a.md", text)
            .iter()
            .map(|fault| fault.line)
            .collect()
    }

    #[test]
    fn three_lines_of_commands_may_stand_in_a_page() {
        assert_eq!(lines_of_faults("x\n\n```sh\na\nb\nc\n```\n"), [0; 0]);
    }

    #[test]
    fn a_pasted_listing_is_a_fault_at_its_first_line() {
        assert_eq!(lines_of_faults("x\n\n```rust\na\nb\nc\nd\n```\n"), [3]);
        assert_eq!(lines_of_faults("```rust\na\nb\nc\nd\n```"), [1]);
        assert_eq!(lines_of_faults("```rust\na\n```\n```rust\n"), [1]);
    }

    #[test]
    fn output_typed_by_hand_is_a_fault() {
        assert_eq!(lines_of_faults("```text\n3\n```\n"), [1]);
        assert_eq!(lines_of_faults("```\n3\n```\n"), [1]);
        assert_eq!(lines_of_faults("\n<pre>3</pre>\n"), [2]);
    }
}
