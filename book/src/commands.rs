//! Checks the commands that a page tells its reader to type: each word of a
//! command has to exist.
//!
//! `test-all` runs the command of every recorded run, so those need no check
//! here. The others stand in an `sh` block, or begin with `cargo` or `python3`
//! in a sentence. The programs themselves say what they accept: the runner
//! lists its commands, a section its options with `--help`.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use artifacts::room::Room;
use artifacts::section::SectionFile;

use crate::directives::Fence;
use crate::fault::Fault;
use crate::pages::Pages;
use crate::sections::printed_by;

/// Programs that are not of this workspace, and that a page may ask to run
/// beside one of its own.
const EXTERNAL: &[&str] =
    &["curl", "nats-server", "nginx", "rustup", "seq", "wrk"];

/// Options of `cargo` itself that a chapter's command may have.
const SWITCHES: &[&str] = &["--release", "--lib", "--quiet", "--bins"];

/// The page whose commands are typed in a project of the reader's own.
const OWN_PROJECT: &str = "your-project.md";

/// Says whether a command is one that `cargo` knows in any project. A test
/// outside of the workspace runs those that build and run the page's projects.
fn in_own_project(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    match words[..] {
        ["cd", _] | ["cargo", "new", _] | ["cargo", "doc", "--open"] => true,
        ["cargo", "add", package, ..] => package == "tokio",
        ["cargo", "run", ..] => !words.contains(&"-p"),
        _ => false,
    }
}

/// Returns a fault for each command of the pages that would not run.
pub fn check(root: &Path, pages: &Pages) -> Vec<Fault> {
    let known = Known::read(root);
    let mut faults = Vec::new();
    for page in pages.iter() {
        for (line, command) in commands(&page.text) {
            if page.address == OWN_PROJECT && in_own_project(&command) {
                continue;
            }
            if let Err(what) = known.check(&command) {
                let what = format!("`{command}` would not run: {what:#}");
                faults.push(Fault::new(&page.file, line, what));
            }
        }
    }
    faults
}

/// Finds the commands of a page, with their lines.
fn commands(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fence = Fence::default();
    let mut shell = None;
    for (i, line) in text.lines().enumerate() {
        let mark = line.trim_start().starts_with(['`', '~']);
        if fence.covers(line) {
            match shell {
                None => shell = Some(line.trim().trim_matches('`') == "sh"),
                Some(true) if !mark && !line.trim().is_empty() => {
                    found.push((i + 1, line.trim().to_string()));
                }
                _ => {}
            }
            continue;
        }
        shell = None;
        // Between backticks is every second part.
        for part in line.split('`').skip(1).step_by(2) {
            let long = part.split_whitespace().count() > 2;
            let ours = ["cargo ", "python3 "];
            // `…` and capitals leave something to the reader.
            let whole = !part.contains('…') && !part.contains("...");
            if long && whole && ours.iter().any(|word| part.starts_with(word)) {
                found.push((i + 1, part.to_string()));
            }
        }
    }
    found
}

/// What a command may name.
struct Known {
    root: PathBuf,
    /// The commands of all recorded runs.
    recorded: BTreeSet<String>,
    /// The sections of each chapter.
    sections: BTreeMap<String, BTreeSet<String>>,
    /// The commands of the runner, asked for at the first that a page has.
    runner: OnceCell<Result<BTreeSet<String>>>,
    /// The options of the sections that pages run with any, by chapter and slug.
    options: RefCell<BTreeMap<(String, String), BTreeSet<String>>>,
}

impl Known {
    fn read(root: &Path) -> Known {
        let mut known = Known {
            root: root.to_path_buf(),
            recorded: BTreeSet::new(),
            sections: BTreeMap::new(),
            runner: OnceCell::new(),
            options: RefCell::default(),
        };
        for chapter in names(root) {
            let rooms = Room::all(root, &chapter);
            for room in &rooms {
                // A file that cannot be read is a fault where it is shown.
                let (section, _) = SectionFile::read(room).unwrap_or_default();
                let runs = section.run.into_values();
                known.recorded.extend(runs.map(|contract| contract.command));
            }
            let sections = rooms.into_iter().map(|room| room.slug);
            let sections: BTreeSet<String> = sections.collect();
            if !sections.is_empty() {
                known.sections.insert(chapter, sections);
            }
        }
        known
    }

    /// Says why a command would not run.
    fn check(&self, command: &str) -> Result<()> {
        if self.recorded.contains(command) {
            return Ok(());
        }
        for words in pipeline(command)? {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            match &words[..] {
                ["cargo", "xtask", name, ..] => {
                    if !self.runner()?.contains(*name) {
                        bail!("xtask has no `{name}`");
                    }
                }
                ["cargo", rest @ ..] => self.cargo(rest)?,
                // A module of Python's own library.
                ["python3", "-m", ..] => {}
                ["python3", file, ..] => self.file(file)?,
                [name, ..] if EXTERNAL.contains(name) => {}
                [name, ..] => {
                    bail!("nothing here runs `{name}`");
                }
                [] => return Err(anyhow!("it ends with a bar")),
            }
        }
        Ok(())
    }

    /// `cargo run -p CHAPTER -- SLUG --option`, and so on.
    fn cargo(&self, words: &[&str]) -> Result<()> {
        let split = words.iter().position(|word| *word == "--");
        let (ours, args) = match split {
            Some(at) => (&words[..at], &words[at + 1..]),
            None => (words, &[][..]),
        };
        let mut words = ours.iter();
        let mut package = None;
        let mut wanted = Vec::new();
        let mut verb = None;
        while let Some(word) = words.next() {
            match *word {
                "-p" => package = words.next(),
                "--features" | "--bench" | "--test" | "--bin" | "--example" => {
                    wanted.push((*word, words.next()));
                }
                word if SWITCHES.contains(&word) => {}
                word if word.starts_with("--") => {
                    bail!("cargo option `{word}` is unknown here");
                }
                word if verb.is_none() && !word.starts_with('+') => {
                    verb = Some(word);
                }
                _ => {}
            }
        }
        let Some(package) = package else {
            return match verb {
                // What has no package installs a tool, or asks cargo itself.
                Some("install" | "deny" | "fmt" | "clippy" | "doc") => Ok(()),
                _ => Err(anyhow!("it names no package with -p")),
            };
        };
        let manifest = format!("{package}/Cargo.toml");
        self.file(&manifest)?;
        for (kind, name) in wanted {
            let Some(name) = name else {
                bail!("`{kind}` names nothing");
            };
            self.target(package, kind, name)?;
        }
        let Some(sections) = self.sections.get(*package) else {
            return Ok(());
        };
        let (Some("run"), Some((slug, options))) = (verb, args.split_first())
        else {
            return Ok(());
        };
        if slug.starts_with("--") {
            return Ok(()); // The tour's own: --list, --help.
        }
        if !sections.contains(*slug) {
            bail!("{package} has no section `{slug}`");
        }
        for option in options.iter().filter(|word| word.starts_with("--")) {
            let name = option.split('=').next().unwrap_or(option);
            if !self.options(package, slug)?.contains(name) {
                bail!("{package} {slug} has no option `{name}`");
            }
        }
        Ok(())
    }

    /// Returns the names of the runner's commands.
    fn runner(&self) -> Result<&BTreeSet<String>> {
        let commands = self.runner.get_or_init(|| {
            let table = printed_by(&self.root, "xtask", &["--list-commands"])?;
            let rows = table.lines();
            let names = rows.filter_map(|row| row.split_whitespace().next());
            Ok(names.map(str::to_string).collect())
        });
        commands.as_ref().map_err(|why| anyhow!("{why:#}"))
    }

    /// Returns the options that a section describes in its `--help`.
    fn options(&self, chapter: &str, slug: &str) -> Result<BTreeSet<String>> {
        let key = (chapter.to_string(), slug.to_string());
        if let Some(options) = self.options.borrow().get(&key) {
            return Ok(options.clone());
        }
        let help = printed_by(&self.root, chapter, &[slug, "--help"])?;
        let is_end = |c: char| !(c.is_alphanumeric() || c == '-');
        let words = help.split(is_end).filter(|word| word.starts_with("--"));
        let mut options: BTreeSet<String> = words.map(str::to_string).collect();
        options.insert("--help".to_string());
        self.options.borrow_mut().insert(key, options.clone());
        Ok(options)
    }

    fn target(&self, package: &str, kind: &str, name: &str) -> Result<()> {
        let folder = match kind {
            "--bench" => "benches",
            "--test" => "tests",
            "--bin" => "src/bin",
            "--example" => "examples",
            _ => {
                let manifest = format!("{package}/Cargo.toml");
                let text = text(&self.root.join(manifest));
                let known = |name: &str| {
                    let start = format!("\n{name} = [");
                    text.contains(&start)
                };
                let all = name.split(',').all(known);
                return match all {
                    true => Ok(()),
                    false => Err(anyhow!("{package} has no feature `{name}`")),
                };
            }
        };
        let manifest = text(&self.root.join(format!("{package}/Cargo.toml")));
        if manifest.contains(&format!("\nname = \"{name}\"\n")) {
            return Ok(()); // Its path stands beside its name.
        }
        let file = format!("{package}/{folder}/{name}.rs");
        let main = format!("{package}/{folder}/{name}/main.rs");
        self.file(&file).or_else(|_| self.file(&main))
    }

    fn file(&self, path: &str) -> Result<()> {
        match self.root.join(path).is_file() {
            true => Ok(()),
            false => Err(anyhow!("there is no {path}")),
        }
    }
}

/// Splits a command at its bars into words, as a shell would.
fn pipeline(command: &str) -> Result<Vec<Vec<String>>> {
    let mut parts = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|' | ' ') => {
                if let Some(last) = parts.last_mut() {
                    last.extend(word.take());
                }
                if c == '|' {
                    parts.push(Vec::new());
                }
            }
            // Nothing of a page is to be copied for its ending, or its file.
            (None, '>' | '<' | ';' | '&' | '\\' | '$') => {
                bail!("`{c}` is not the same in every shell");
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        bail!("a quote is not closed");
    }
    if let Some(last) = parts.last_mut() {
        last.extend(word);
    }
    Ok(parts)
}

/// The names in a folder; none where there is no such folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Reads a file; one that is missing is empty.
fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The workspace that this book is about.
    fn check(command: &str) -> Result<(), String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let checked = Known::read(&root).check(command);
        checked.map_err(|why| why.to_string())
    }

    #[test]
    fn a_command_whose_words_all_exist_passes() {
        for command in [
            "cargo xtask test-all",
            "cargo run -p ch01-threads",
            "cargo run -p ch04-async -- --list",
            "cargo run -p ch05-servers -- web --port 8000",
            "seq 1 9 | cargo run -p ch02-processes -- pool --workers 4",
            "cargo bench -p ch03-generators --bench push -- hand",
            "python3 ch01-threads/src/spinner/twin.py",
        ] {
            assert_eq!(check(command), Ok(()), "{command}");
        }
    }

    #[test]
    fn a_command_with_a_word_that_does_not_exist_is_refused() {
        for (command, why) in [
            ("cargo xtask tset-all", "xtask has no `tset-all`"),
            ("cargo run -p ch09-none", "no ch09-none/Cargo.toml"),
            ("cargo run -p ch01-threads -- spiner", "no section `spiner`"),
            (
                "cargo run -p ch05-servers -- web --prot 1",
                "option `--prot`",
            ),
            ("cargo bench -p ch03-generators --bench no", "benches/no"),
            ("cargo run -p ch04-async --features no", "feature `no`"),
            ("python3 ch01-threads/src/no/twin.py", "there is no ch01"),
            ("spinner | cargo xtask book", "nothing here runs `spinner`"),
            ("$ cargo xtask book", "`$` is not the same"),
        ] {
            let err = check(command).err().unwrap_or_default();
            assert!(err.contains(why), "{command}: {err}");
        }
    }

    #[test]
    fn commands_are_found_in_blocks_and_sentences_with_their_lines() {
        let page = "a\n```sh\ncargo xtask book\n```\n`x` `cargo run -p a b`\n\
                    ```rust\ncargo run -p c\n```\n";
        let found = commands(page);
        let expected = [(3, "cargo xtask book"), (5, "cargo run -p a b")];
        assert_eq!(found, expected.map(|(n, text)| (n, text.to_string())));
    }
}
