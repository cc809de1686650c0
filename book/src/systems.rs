//! The table of sections that do not run on every system.

use std::path::Path;

use anyhow::{Context, Result};

use crate::pages::Pages;
use crate::sections;

/// Returns the sections that some system does not run, and why, as the
/// chapters' programs list them.
///
/// # Errors
///
/// A program does not build or run, or what it prints is not a list.
pub fn table(root: &Path, pages: &Pages) -> Result<String> {
    let mut table = String::from("| section | not on | why |\n|---|---|---|\n");
    let chapters = pages.iter().filter_map(|page| {
        let chapter = page.address.strip_suffix("/index.md")?;
        root.join(chapter)
            .join("src/main.rs")
            .is_file()
            .then_some(chapter)
    });
    for chapter in chapters {
        let list = sections::printed_by(root, chapter, &["--systems"])?;
        for line in list.lines() {
            let mut cells = line.splitn(3, '\t');
            let mut cell = || {
                cells.next().with_context(|| {
                    format!("{chapter} --systems says `{line}`")
                })
            };
            let (slug, system, why) = (cell()?, cell()?, cell()?);
            let name = match system {
                "windows" => "Windows",
                "macos" => "macOS",
                "linux" => "Linux",
                other => other,
            };
            table += &format!(
                "| [`{slug}`]({chapter}/{slug}.md) | {name} | {why} |\n"
            );
        }
    }
    Ok(table)
}
