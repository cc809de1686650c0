//! `new`: begins a section, with everything that a section needs.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use artifacts::room::Room;

use crate::transcript::read;
use crate::usage_error;
use crate::workspace::{Chapter, Workspace};

/// What is begun, and where.
#[derive(clap::Args)]
pub struct Options {
    chapter: String,
    /// The section's name, in small letters: `join-set`
    slug: String,
    /// The section that it follows; without this, the last one
    #[arg(long, value_name = "SLUG")]
    after: Option<String>,
    /// For every reader (the default)
    #[arg(long, conflicts_with = "deeper")]
    core: bool,
    /// For a second reading
    #[arg(long)]
    deeper: bool,
}

/// Marks what only a person can write; `test` refuses every line with it.
pub const TODO: &str = "TODO";

/// Writes a section's folder, its module and its row in the table.
pub fn new(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let chapter = workspace.chapter(&options.chapter)?;
    let slug = &options.slug;
    let is_slug = slug.starts_with(|c: char| c.is_ascii_lowercase())
        && slug
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(is_letter));
    if !is_slug {
        let form = "small letters, digits and single hyphens";
        return usage_error(&format!("`{slug}` is not of {form}"));
    }
    let room = Room::new(&workspace.root, &chapter.name, slug);
    if room.path(&room.folder()).exists() {
        bail!("{} is there already", room.folder());
    }
    let table = Table::read(chapter)?;
    let after = table.find(options.after.as_deref())?;
    // Both are made before either is written.
    let main = table.with_row(&after, slug, options.deeper);
    let library = with_module(chapter, &after, slug)?;
    for (name, text) in files_of(&room) {
        let path = room.path(&room.file(name));
        fs::create_dir_all(room.path(&room.folder()))
            .and_then(|()| fs::write(&path, text))
            .with_context(|| path.display().to_string())?;
        println!("{}", room.file(name));
    }
    for (name, text) in [("src/main.rs", main), ("src/lib.rs", library)] {
        let path = chapter.dir.join(name);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        println!("{}/{name}", chapter.name);
    }
    println!(
        "\nWrite the program and its twin; then\n\n    \
         cargo xtask record {0} {slug}\n    cargo xtask test {0}\n\nsays what \
         is still to be written. `{TODO}` marks it.",
        chapter.name
    );
    Ok(ExitCode::SUCCESS)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// The table of sections in a chapter's `main.rs`.
struct Table {
    lines: Vec<String>,
}

impl Table {
    fn read(chapter: &Chapter) -> Result<Table> {
        let text = read(&chapter.dir.join("src/main.rs"))?;
        let lines = text.lines().map(str::to_string).collect();
        Ok(Table { lines })
    }

    /// Returns the slug that a line is the row of.
    fn slug_of(line: &str) -> Option<&str> {
        let (_, rest) = line.split_once("Section { slug: \"")?;
        Some(rest.split_once('"')?.0)
    }

    /// Writes a section's row.
    fn row(slug: &str, _deeper: bool) -> String {
        let module = slug.replace('-', "_");
        format!(
            "    Section {{ slug: \"{slug}\", title: \"{TODO}: {slug}\", \
             run: |args| plain(args, {module}::demo) }},"
        )
    }

    /// Finds the section that the new one follows.
    fn find(&self, wanted: Option<&str>) -> Result<String> {
        let slugs = self.lines.iter().filter_map(|line| Table::slug_of(line));
        let slugs: Vec<&str> = slugs.collect();
        let found = match wanted {
            None => slugs.last(),
            Some(wanted) => slugs.iter().find(|slug| **slug == wanted),
        };
        match (found, wanted) {
            (Some(found), _) => Ok(found.to_string()),
            (None, None) => bail!("the table in main.rs has no rows"),
            (None, Some(wanted)) => {
                let slugs = slugs.join(", ");
                usage_error(&format!(
                    "no section `{wanted}` in the table; there are {slugs}"
                ))
            }
        }
    }

    /// Returns the file with a row for `slug` behind that of `after`.
    fn with_row(&self, after: &str, slug: &str, deeper: bool) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text += &format!("{line}\n");
            if Table::slug_of(line) == Some(after) {
                text += &format!("{}\n", Table::row(slug, deeper));
            }
        }
        text
    }
}

/// Returns `lib.rs` with a module for `slug` behind that of `after`.
fn with_module(chapter: &Chapter, after: &str, slug: &str) -> Result<String> {
    let path = chapter.dir.join("src/lib.rs");
    let [before, module] =
        [after, slug].map(|s| format!("pub mod {};\n", s.replace('-', "_")));
    let text = read(&path)?;
    if !text.contains(&before) {
        bail!("{} has no line `{}`", path.display(), before.trim());
    }
    Ok(text.replacen(&before, &format!("{before}{module}"), 1))
}

/// Returns the files of a section that prints one line, by name.
fn files_of(room: &Room) -> [(&'static str, String); 4] {
    let Room { chapter, slug, .. } = room;
    let folder = room.folder();
    let program = format!(
        "//! {TODO}: say in one sentence what the program shows.

/// {TODO}: say what is printed.
pub fn demo() {{
    println!(\"{slug}\");
}}
"
    );
    let twin = format!(
        "\"\"\"{TODO}: say in one sentence what the program shows.\"\"\"


def main():
    print(\"{slug}\")


if __name__ == \"__main__\":
    main()
"
    );
    let page = format!(
        "# {TODO}: the API that a reader searches for, and what is true of it

{TODO}: the question, in Python's words, and why it matters.

{{{{#listing {folder}/mod.rs: demo}}}}

{{{{#run {chapter}/{slug}}}}}

## What to notice

- {TODO}: what the output shows, and why.

{{{{#run {chapter}/{slug}.py}}}}

## What it costs

{TODO}: the measurement, and what it means; or leave the heading out.

## Try this

- {TODO}: a change to the code above, and what it should show.

## Sources

- {TODO}: where the idea is from.
"
    );
    let contract = "contract = \"exact\"\nnote = \"One thread prints it.\"\n";
    let section = format!("[run.rust]\n{contract}\n[run.python]\n{contract}");
    [
        ("mod.rs", program),
        ("twin.py", twin),
        ("page.md", page),
        ("section.toml", section),
    ]
}

/// Finds the lines of a section that are still to be written.
///
/// # Errors
///
/// A file cannot be read.
pub fn unwritten(room: &Room) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for name in ["page.md", "mod.rs", "twin.py", "section.toml"] {
        let path = room.path(&room.file(name));
        if Path::new(&path).exists() {
            let text = read(&path)?;
            let lines = text.lines().enumerate();
            found.extend(lines.filter(|(_, l)| l.contains(TODO)).map(
                |(i, line)| format!("{}:{}: {line}", room.file(name), i + 1),
            ));
        }
    }
    Ok(found)
}
