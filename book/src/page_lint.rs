//! Checks that a section's page has all parts of one, in their order, so that a
//! reader finds the same things in the same places.
//!
//! A paragraph of more than [`WALL`] words is a fault, too.

use crate::directives::Fence;
use crate::fault::Fault;
use crate::pages::Pages;

/// The second half of a page, in this order; the first of them may stand
/// anywhere.
const HEADINGS: [&str; 4] =
    ["## What to notice", COSTS, "## Try this", "## Sources"];

/// The one of them that a page may leave out.
const COSTS: &str = "## What it costs";

/// The most words that a paragraph has.
const WALL: usize = 120;

/// Units that a figure brings along.
const UNITS: &[&str] = &[
    "ns", "µs", "ms", "s", "B", "bytes", "KiB", "MB", "MiB", "×", "times",
];

/// Finds what the pages lack, and where they are too much.
pub fn check(pages: &Pages) -> Vec<Fault> {
    let mut faults = Vec::new();
    for page in pages.iter() {
        let text = &page.text;
        let found = twice(text).into_iter().chain(walls(text));
        let mut found: Vec<_> = found.collect();
        if page.is_section() {
            found.extend(missing(text));
        }
        faults.extend(
            found
                .into_iter()
                .map(|(line, what)| Fault::new(&page.file, line, what)),
        );
    }
    faults
}

type Found = Vec<(usize, String)>;

/// Finds the parts of a section's page that are not there, or not in order.
fn missing(text: &str) -> Found {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    if !lines.first().is_some_and(|line| line.starts_with("# ")) {
        found.push((1, "does not begin with its title, `# …`".to_string()));
    }
    let first = lines
        .iter()
        .position(|line| line.starts_with("{{#"))
        .unwrap_or(lines.len());
    let opening = lines.iter().take(first).skip(1);
    if opening.clone().all(|line| line.trim().is_empty()) {
        let what = "nothing is said before the first listing";
        found.push((first.min(lines.len()), what.to_string()));
    }
    let has = |names: &[&str]| {
        lines
            .iter()
            .any(|line| names.iter().any(|name| line.starts_with(name)))
    };
    if !has(&["{{#pair ", "{{#listing "]) {
        found.push((0, "shows no code: `{{#pair}}`".to_string()));
    }
    if !has(&["{{#run ", "{{#schedules ", "{{#measured "]) {
        found.push((0, "shows no output: `{{#run}}`".to_string()));
    }
    let mut last = 0;
    for heading in HEADINGS {
        let at = lines.iter().position(|line| line.trim_end() == heading);
        match at {
            // A page without a measurement has nothing to say there.
            None if heading == COSTS => {}
            None => found.push((0, format!("has no `{heading}`"))),
            Some(at) if at < last => {
                found.push((at + 1, format!("`{heading}` comes too early")));
            }
            // What there is to notice may be said late.
            Some(_) if heading == HEADINGS[0] => {}
            Some(at) => last = at,
        }
    }
    found
}

/// Finds paragraphs that are walls.
fn walls(text: &str) -> Found {
    let mut found = Vec::new();
    let mut fence = Fence::default();
    let (mut first, mut words) = (0, 0);
    for (i, line) in text.lines().chain([""]).enumerate() {
        let prose = !fence.covers(line)
            && !line.trim().is_empty()
            && !line.starts_with(['#', '|', '-', '{', '<']);
        if prose {
            if words == 0 {
                first = i + 1;
            }
            words += line.split_whitespace().count();
        } else {
            if words > WALL {
                let what = format!("a paragraph of {words} words; part it");
                found.push((first, what));
            }
            words = 0;
        }
    }
    found
}

/// Finds figures whose unit is said twice: by the figure and by the sentence.
fn twice(text: &str) -> Found {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for part in line.split("{{#value ").skip(1) {
            let Some((address, rest)) = part.split_once("}}") else {
                continue;
            };
            let next = rest.split_whitespace().next().unwrap_or_default();
            let next = next.trim_end_matches([',', '.', ';', ':']);
            if rest.starts_with(' ') && UNITS.contains(&next) {
                let what = format!("`{address}` says `{next}` itself");
                found.push((i + 1, what));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A title\n\nAn idea.\n\n{{#pair a | b}}\n\n\
        {{#run a/b}}\n\n## What to notice\n\n- A.\n\n## What it costs\n\n\
        Little.\n\n## Try this\n\n- B.\n\n## Sources\n\n- C.\n";

    fn found_without(part: &str) -> String {
        assert!(PAGE.contains(part));
        let found = missing(&PAGE.replace(part, ""));
        found.iter().map(|(_, what)| what.as_str()).collect()
    }

    #[test]
    fn each_part_that_a_page_lacks_is_named() {
        assert_eq!(missing(PAGE), []);
        assert_eq!(found_without(COSTS), "");
        for heading in HEADINGS.into_iter().filter(|h| *h != COSTS) {
            let lacks = format!("has no `{heading}`");
            assert_eq!(found_without(&format!("{heading}\n")), lacks);
        }
        assert!(found_without("{{#pair a | b}}\n").contains("no code"));
        assert!(found_without("{{#run a/b}}\n").contains("no output"));
        assert!(found_without("An idea.\n").contains("nothing is said"));
        assert!(found_without("# A title\n").contains("title"));
    }

    #[test]
    fn sources_come_last() {
        let page = PAGE.replace("## Try this", "## X");
        let page = page.replace("## Sources", "## Try this");
        let page = page.replace("## X", "## Sources");
        assert_eq!(
            missing(&page),
            [(17, "`## Sources` comes too early".to_string())]
        );
    }

    #[test]
    fn a_wall_is_found_and_a_list_is_none() {
        let wall = "word ".repeat(WALL + 1);
        assert_eq!(walls(&format!("# X\n\n{wall}\n"))[0].0, 3);
        assert_eq!(walls(&format!("- {wall}\n\n```sh\n{wall}\n```\n")), []);
    }

    #[test]
    fn a_unit_that_is_said_twice_is_found() {
        let text = "a\nIt takes {{#value a/b k.median}} µs, {{#value a/b \
                    k.ratio}} times that, {{#value a/b k.ratio}} of it.";
        let lines: Vec<_> = twice(text).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 2]);
    }
}
