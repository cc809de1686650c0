//! The sections of a chapter, as its own program lists them, and whatever else
//! the workspace's programs say about themselves.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use artifacts::room::Room;

use crate::pages::Pages;

/// Returns the slugs of a chapter's sections, in reading order: `--all` of them,
/// or those of the `--core`.
///
/// # Errors
///
/// The program does not build or run, or what it prints is not a list.
pub fn slugs(root: &Path, chapter: &str, part: &str) -> Result<Vec<String>> {
    let slug = |line: &str| match line.split_once('\t') {
        Some((slug, _)) => Ok(slug.to_string()),
        None => Err(anyhow!("{chapter} --list says `{line}`")),
    };
    let list = printed_by(root, chapter, &["--list", part])?;
    list.lines().map(slug).collect()
}

/// Returns the chapter's sections as a table in Markdown.
///
/// `pages` are the pages of the book: a section is linked to its page.
///
/// # Errors
///
/// There is no such chapter.
pub fn table(root: &Path, chapter: &str, pages: &Pages) -> Result<String> {
    if !root.join(chapter).join("Cargo.toml").is_file() {
        bail!("no chapter `{chapter}`");
    }
    let mut table = String::from("| section | what it shows | folder |\n");
    table += "|---|---|---|\n";
    let prefix = format!("{chapter}/");
    for page in pages.iter().filter(|page| page.is_section()) {
        let Some(name) = page.address.strip_prefix(&prefix) else {
            continue;
        };
        let slug = name.trim_end_matches(".md");
        let title = page.title.replace('|', "\\|");
        let folder = Room::new(root, chapter, slug).folder();
        table += &format!("| [`{slug}`]({name}) | {title} | `{folder}` |\n");
    }
    Ok(table)
}

/// Runs a package of the workspace at `root` and returns what it printed.
///
/// # Errors
///
/// The package does not build, or the program ends with an error.
pub fn printed_by(root: &Path, package: &str, args: &[&str]) -> Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--package", package, "--"])
        .args(args)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        let first = errors.lines().next().unwrap_or_default();
        let args = args.join(" ");
        bail!("cargo run -p {package} -- {args}: {first}");
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{package} {}", args.join(" ")))
}
