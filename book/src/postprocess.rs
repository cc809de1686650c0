//! What is left to do to the pages that mdBook has made: each says of what
//! commit it is and which compiler ran its programs, and none brings along
//! colours for languages that it does not speak.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fault::Fault;
use crate::html::escape;

/// Finishes the book at `out`, which is about the workspace at `root`.
///
/// # Errors
///
/// A page has no end to put the line at, or cannot be written.
pub fn finish(root: &Path, out: &Path) -> Result<(), Fault> {
    let mut pages = Vec::new();
    html(out, &mut pages).map_err(|err| fault(out, &err))?;
    let colophon = format!("</main>\n{}", colophon(root));
    let mut languages = BTreeSet::new();
    for page in &pages {
        let text = fs::read_to_string(page).map_err(|err| fault(page, &err))?;
        for found in text.split("\"language-").skip(1) {
            let name = found.split(['"', ' ', ',']).next().unwrap_or_default();
            languages.insert(name.to_string());
        }
        if !text.contains("</main>") {
            continue; // The sidebar without scripts, which is no page.
        }
        let text = lazy(&text).replacen("</main>", &colophon, 1);
        fs::write(page, text).map_err(|err| fault(page, &err))?;
    }
    slim(out, &languages).map_err(|err| fault(out, &err))
}

/// Has a page read before its scripts run, in their order; all but the sidebar,
/// whose links the page asks for as it is read. Leaves it to `keyboard.js` to
/// load the search, when somebody searches.
fn lazy(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for line in page.split_inclusive('\n') {
        let search = ["elasticlunr-", "mark-", "searcher-"];
        let script = line.trim_start().starts_with("<script src=")
            && !line.contains("toc-");
        let when = match search.iter().any(|name| line.contains(name)) {
            true => "<script type=\"search\" ",
            false => "<script defer ",
        };
        if script {
            text += &line.replacen("<script ", when, 1);
        } else {
            text += line;
        }
    }
    text
}

fn fault(path: &Path, err: &io::Error) -> Fault {
    Fault::new(path.to_string_lossy(), 0, err.to_string())
}

/// The last line of every page.
pub fn colophon(root: &Path) -> String {
    let git = [
        "describe",
        "--always",
        "--dirty",
        "--abbrev=12",
        "--exclude=*",
    ];
    let commit = says(Command::new("git").current_dir(root).args(git));
    let compiler =
        says(Command::new("rustc").current_dir(root).arg("--version"));
    format!(
        "<footer class=\"colophon\">Commit <code>{}</code> · <code>{}</code>\
         </footer>\n",
        escape(&commit),
        escape(&compiler)
    )
}

/// Returns what a program says in its first line, or `unknown`.
fn says(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output();
    let said = output.ok().filter(|output| output.status.success());
    let said = said.map(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().next().unwrap_or_default().trim().to_string()
    });
    said.filter(|line| !line.is_empty())
        .unwrap_or_else(|| "unknown".to_string())
}

fn html(folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            html(&path, pages)?;
        } else if path.extension().is_some_and(|end| end == "html") {
            pages.push(path);
        }
    }
    Ok(())
}

/// Takes the grammars out of mdBook's highlighter that no page needs: a line
/// each, and two thirds of the file.
fn slim(out: &Path, languages: &BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("highlight-") && name.ends_with(".js") {
            let text = fs::read_to_string(&path)?;
            fs::write(&path, grammars(&text, languages))?;
        }
    }
    for folder in ["css", "theme"] {
        let entries = fs::read_dir(out.join(folder)).into_iter().flatten();
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|end| end == "css") {
                let text = fs::read_to_string(&path)?;
                fs::write(&path, dense(&text))?;
            }
        }
    }
    Ok(())
}

/// Takes the comments out of a style sheet, and what indents its lines.
fn dense(style: &str) -> String {
    let mut text = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        text += before;
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    text += rest;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn grammars(script: &str, languages: &BTreeSet<String>) -> String {
    let mut kept = String::new();
    for line in script.lines() {
        let name = line.strip_prefix("hljs.registerLanguage(\"");
        let name = name.and_then(|rest| rest.split('"').next());
        let also = line.split("aliases:[").nth(1);
        let also = also.and_then(|rest| rest.split(']').next());
        let wanted = |language: &String| {
            let quoted = format!("\"{language}\"");
            name == Some(language)
                || also.is_some_and(|names| names.contains(&quoted))
        };
        // A line that is no grammar is the highlighter itself.
        if name.is_none() || languages.iter().any(wanted) {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_git_has_an_unknown_commit() {
        let folder = tempfile::tempdir().unwrap();
        let line = colophon(folder.path());
        assert!(line.contains("Commit <code>unknown</code>"), "{line}");
        assert!(line.contains("<code>rustc 1."), "{line}");
    }

    #[test]
    fn a_style_sheet_loses_its_comments_and_nothing_else() {
        let style = "/* a\n b */\na {\n    b: \"c\"; /* d */ e: f;\n}\n";
        assert_eq!(dense(style), "a {\nb: \"c\";  e: f;\n}");
    }

    #[test]
    fn scripts_wait_for_the_page_and_the_search_until_it_is_asked_for() {
        let page = "<script src=\"../mark-1.js\"></script>\n\
                    <script src=\"../book-1.js\"></script>\n\
                    <script src=\"../toc-1.js\"></script>\n\
                    <script>f();</script>\n";
        let waits = "<script type=\"search\" src=\"../mark-1.js\"></script>\n\
                     <script defer src=\"../book-1.js\"></script>\n\
                     <script src=\"../toc-1.js\"></script>\n\
                     <script>f();</script>\n";
        assert_eq!(lazy(page), waits);
    }

    #[test]
    fn grammars_are_kept_by_their_names_and_by_their_aliases() {
        let script = "core\nhljs.registerLanguage(\"rust\",1);\n\
            hljs.registerLanguage(\"bash\",{aliases:[\"sh\",\"zsh\"]});\n\
            hljs.registerLanguage(\"x86asm\",{aliases:[\"asm\"]});\n";
        let languages = ["rust", "sh"].map(str::to_string).into();
        let kept = grammars(script, &languages);
        assert_eq!(kept.lines().count(), 3);
        assert!(!kept.contains("x86asm"));
    }
}
