//! `new`: begins a section, with everything that a section needs.

use std::process::ExitCode;

use anyhow::{Result, bail};
use artifacts::room::Room;

use crate::cargo::cargo;
use crate::files::{read, write};
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

/// How a row of the table begins: `section!(core, join_set, plain(…)),`.
const ROW: &str = "section!(";

/// How far the rows are indented.
const INDENT: &str = "            ";

/// The files of a section that prints its slug.
const TEMPLATES: [(&str, &str); 4] = [
    ("mod.rs", include_str!("../templates/section/mod.rs")),
    ("twin.py", include_str!("../templates/section/twin.py")),
    ("page.md", include_str!("../templates/section/page.md")),
    (
        "section.toml",
        include_str!("../templates/section/section.toml"),
    ),
];

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
    let part = if options.deeper { "deeper" } else { "core" };
    let main = table.with_row(after, slug, part);
    let library = with_module(chapter, &after.slug, slug)?;
    for (name, template) in TEMPLATES {
        let text = template
            .replace("{{chapter}}", &chapter.name)
            .replace("{{folder}}", &room.folder())
            .replace("{{slug}}", slug);
        let path = room.path(&room.file(name));
        write(&path, &text)?;
        println!("{}", room.file(name));
    }
    for (name, text) in [("src/main.rs", main), ("src/lib.rs", library)] {
        write(&chapter.dir.join(name), &text)?;
        println!("{}/{name}", chapter.name);
    }
    // Without rustfmt, a row may stand on a line with another.
    cargo(&workspace.root, &["fmt", "-p", &chapter.name])?;
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
    text: String,
    rows: Vec<Row>,
}

struct Row {
    slug: String,
    /// Where it ends, before the comma that may follow.
    end: usize,
}

impl Table {
    fn read(chapter: &Chapter) -> Result<Table> {
        let text = read(&chapter.dir.join("src/main.rs"))?;
        let rows = text.match_indices(ROW).filter_map(|(at, _)| {
            let row = &text[at..];
            let module = row[ROW.len()..].split(',').nth(1)?;
            let mut open = 0;
            let end = row.find(|c| {
                open += i32::from(c == '(') - i32::from(c == ')');
                c == ')' && open == 0
            })?;
            let slug = module.trim().replace('_', "-");
            Some(Row {
                slug,
                end: at + end + 1,
            })
        });
        let rows = rows.collect();
        Ok(Table { text, rows })
    }

    /// Finds the section that the new one follows.
    fn find(&self, wanted: Option<&str>) -> Result<&Row> {
        let found = match wanted {
            None => self.rows.last(),
            Some(wanted) => self.rows.iter().find(|row| row.slug == wanted),
        };
        match (found, wanted) {
            (Some(found), _) => Ok(found),
            (None, None) => bail!("the table in main.rs has no rows"),
            (None, Some(wanted)) => {
                let slugs = self.rows.iter().map(|row| row.slug.as_str());
                let slugs = Vec::from_iter(slugs).join(", ");
                usage_error(&format!(
                    "no section `{wanted}` in the table; there are {slugs}"
                ))
            }
        }
    }

    /// Returns the file with a row for `slug` behind `after`; rustfmt gives it
    /// a line.
    fn with_row(&self, after: &Row, slug: &str, part: &str) -> String {
        let module = slug.replace('-', "_");
        let (before, behind) = self.text.split_at(after.end);
        let behind = behind.strip_prefix(',').unwrap_or(behind);
        let row = format!("{ROW}{part}, {module}, plain({module}::demo))");
        format!("{before},\n{INDENT}{row},{behind}")
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

/// Finds the lines of a section that are still to be written.
pub fn unwritten(room: &Room) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (name, _) in TEMPLATES {
        let path = room.path(&room.file(name));
        if path.exists() {
            let text = read(&path)?;
            let lines = text.lines().enumerate();
            found.extend(lines.filter(|(_, l)| l.contains(TODO)).map(
                |(i, line)| format!("{}:{}: {line}", room.file(name), i + 1),
            ));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_row_follows_the_row_of_its_predecessor() {
        let folder = tempfile::tempdir().unwrap();
        let chapter = Chapter {
            name: "ch".to_string(),
            dir: folder.path().to_path_buf(),
        };
        let one = "            section!(core, one, plain(one::demo)),\n";
        let two = "            section!(\n                deeper,\n                \
                   two_words,\n                \
                   with_options(two_words::cli::program),\n            )";
        let text = format!("&[\n{one}{two}]\n");
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/main.rs"), &text).unwrap();
        let table = Table::read(&chapter).unwrap();
        let row =
            "            section!(deeper, join_set, plain(join_set::demo)),";
        let last = text.replace(two, &format!("{two},\n{row}"));
        for (after, expected) in [
            (Some("one"), text.replace(one, &format!("{one}{row}\n"))),
            (Some("two-words"), last.clone()),
            (None, last),
        ] {
            let after = table.find(after).unwrap();
            let found = table.with_row(after, "join-set", "deeper");
            assert_eq!(found, expected);
        }
        assert!(table.find(Some("three")).is_err());
    }
}
