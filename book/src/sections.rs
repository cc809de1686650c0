//! The sections of a chapter, as its own program lists them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// Returns the chapter's sections as a table in Markdown.
///
/// `pages` are the pages of the book: a section is linked to its page.
///
/// # Errors
///
/// The program does not build or run, or lists a section whose file is not
/// where it has to be.
pub fn table(
    root: &Path,
    chapter: &str,
    pages: &BTreeSet<String>,
) -> Result<String, String> {
    if !root.join(chapter).join("Cargo.toml").is_file() {
        return Err(format!("no chapter `{chapter}`"));
    }
    let list = list(root, chapter)?;
    let mut table = String::from("| section | what it shows | file |\n");
    table += "|---|---|---|\n";
    for (i, line) in list.lines().enumerate() {
        let Some((slug, title)) = line.split_once('\t') else {
            return Err(format!("{chapter} --list says `{line}`"));
        };
        let module = format!("s{:02}_{}", i + 1, slug.replace('-', "_"));
        let file = [
            format!("{chapter}/src/{module}.rs"),
            format!("{chapter}/src/{module}/mod.rs"),
        ]
        .into_iter()
        .find(|file| root.join(file).is_file())
        .ok_or(format!("{chapter}: no file for section `{slug}`"))?;
        // A section without a page is the runner's to complain about.
        let page = format!("{chapter}/{slug}.md");
        let name = match pages.contains(&page) {
            true => format!("[`{slug}`]({slug}.md)"),
            false => format!("`{slug}`"),
        };
        let title = title.replace('|', "\\|");
        table += &format!("| {name} | {title} | `{file}` |\n");
    }
    Ok(table)
}

/// Asks the chapter's program for its sections.
fn list(root: &Path, chapter: &str) -> Result<String, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--package", chapter, "--", "--list"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|err| format!("cannot run cargo: {err}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let first = said.lines().next().unwrap_or_default();
        return Err(format!("cargo run -p {chapter} -- --list: {first}"));
    }
    String::from_utf8(output.stdout)
        .map_err(|err| format!("{chapter} --list: {err}"))
}
