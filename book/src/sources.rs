//! Finds code and output that was pasted into the pages instead of shown by a
//! directive.

use crate::directives::Fence;
use crate::fault::Fault;
use crate::pages::Pages;

/// The longest code block that may stand in a page: enough for a few commands.
const LONGEST: usize = 3;

/// Finds what was pasted into pages.
pub fn check(pages: &Pages) -> Vec<Fault> {
    pages
        .iter()
        .flat_map(|page| pasted(&page.file, &page.text))
        .collect()
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
