//! An exercise's page: task, hints, stub, and what would spoil it, folded.
//!
//! All of it is what the exercise's own folder says, and what `cargo xtask
//! exercise` tells in a terminal.

use std::path::Path;

use anyhow::{Context, Result};
use artifacts::exercise::Exercise;

use crate::html::{command, escape, sentence};
use crate::listing::{self, Listing};

/// Returns the exercise `CHAPTER/NAME`, without its title.
///
/// # Errors
///
/// No such exercise, or a file of it is missing.
pub fn figure(root: &Path, wanted: &str) -> Result<String> {
    let exercises = Exercise::all(root)?;
    let (chapter, name) =
        wanted.split_once('/').context("needs CHAPTER/NAME")?;
    let exercise = Exercise::find(&exercises, chapter, name)?;
    let text = &exercise.text;
    let folder = format!("exercises/{}", exercise.path());
    let code = |file: &str| {
        let listing = Listing::read(root, &format!("{folder}/{file}"));
        listing.map(|listing| listing.figure())
    };
    let section = section(root, exercise)?;
    let mut page = format!("<p>{}</p>\n", sentence(text.task.trim()));
    page += &command(&exercise.command());
    page += &format!(
        "<p>makes <code>exercises/yours/{}/{}.rs</code> for you, out of the \
         stub below, and checks it. It practises <a \
         href=\"../../{section}.html\">{}</a>.</p>\n",
        exercise.chapter,
        exercise.name.replace('-', "_"),
        escape(&text.section),
    );
    page += &code("stub.rs")?;
    page += "<h2 id=\"looks-at\">What the check looks at</h2><ul>";
    for line in &text.looks_at {
        page += &format!("<li>{}</li>", sentence(line));
    }
    page += "</ul><h2 id=\"hints\">Hints</h2>";
    for (i, hint) in text.hints.iter().enumerate() {
        page += &format!(
            "<details><summary>Hint {}</summary><p>{}</p></details>",
            i + 1,
            sentence(hint)
        );
    }
    page += "<h2 id=\"answers\">Answers</h2><details><summary>A right one\
             </summary>";
    page += &code("reference.rs")?;
    page += "</details>";
    for name in text.wrong.keys() {
        let source = listing::read(root, &format!("{folder}/wrong/{name}.rs"))?;
        let says = source.lines().next().unwrap_or_default();
        let says = says.trim_start_matches("//!").trim();
        let found = listing::read(root, &format!("{folder}/wrong/{name}.txt"))?;
        page += &format!(
            "<details><summary>A wrong one: {}</summary>{}<figure \
             class=\"run\"><figcaption>What the check says</figcaption><pre \
             tabindex=\"0\"><code class=\"nohighlight\">{}</code></pre>\
             </figure></details>",
            sentence(says),
            code(&format!("wrong/{name}.rs"))?,
            escape(&found)
        );
    }
    Ok(page)
}

/// Returns the exercises of a chapter as a table in Markdown.
///
/// # Errors
///
/// An exercise cannot be read.
pub fn table(root: &Path, chapter: &str) -> Result<String> {
    let exercises = Exercise::all(root)?;
    let mut table = String::from("| exercise | what to do | practises |\n");
    table += "|---|---|---|\n";
    for exercise in exercises.iter().filter(|e| e.chapter == chapter) {
        let Exercise { name, text, .. } = exercise;
        let title = text.title.replace('|', "\\|");
        let section = section(root, exercise)?;
        table += &format!(
            "| [`{name}`]({name}.md) | {title} | [`{}`](../../{section}.md) |\n",
            text.section
        );
    }
    Ok(table)
}

/// Returns the page of the section that an exercise practises, from the
/// book's root.
fn section(root: &Path, exercise: &Exercise) -> Result<String> {
    let entries = std::fs::read_dir(root)?;
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut names = names.filter_map(|name| name.into_string().ok());
    let prefix = format!("{}-", exercise.chapter);
    let chapter = names.find(|name| name.starts_with(&prefix));
    let chapter =
        chapter.with_context(|| format!("no chapter {}", exercise.chapter))?;
    Ok(format!("{chapter}/{}", exercise.text.section))
}
