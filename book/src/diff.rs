//! What changed from one stage of a program to the next.

use std::path::Path;

use anyhow::{Result, bail};
use similar::{ChangeTag, TextDiff};

use crate::html::escape;
use crate::listing::{Listing, check_length};

/// Lines that stay, around one that changes.
const AROUND: usize = 3;

/// Returns the change from one listing to the other as a figure.
///
/// # Errors
///
/// One of the two is not there; or they are the same.
pub fn figure(root: &Path, wanted: &str) -> Result<String> {
    let Some((before, after)) = wanted.split_once('|') else {
        bail!("a diff is two listings with `|` between them");
    };
    let before = Listing::read(root, before.trim().trim_end_matches('\\'))?;
    let after = Listing::read(root, after.trim())?;
    let diff = TextDiff::from_lines(&before.code, &after.code);
    let (mut html, mut gone, mut come) = (String::new(), 0, 0);
    for (i, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if i > 0 {
            html += "<span class=\"gap\">⋯</span>&#10;";
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = escape(change.value().trim_end_matches('\n'));
            html += &match change.tag() {
                ChangeTag::Equal => format!("  {text}"),
                ChangeTag::Delete => {
                    gone += 1;
                    format!("<del>- {text}</del>")
                }
                ChangeTag::Insert => {
                    come += 1;
                    format!("<ins>+ {text}</ins>")
                }
            };
            html += "&#10;";
        }
    }
    if gone + come == 0 {
        bail!("the two listings are the same");
    }
    check_length(&after.path, html.matches("&#10;").count())?;
    Ok(format!(
        "<figure class=\"listing diff\"><figcaption>\
         <span class=\"label\">Diff</span> <span>{} → {}: {gone} lines go, \
         {come} come</span></figcaption><pre tabindex=\"0\" role=\"group\" \
         aria-label=\"Diff\"><span>{html}</span></pre></figure>",
        before.link(),
        after.link(),
    ))
}
