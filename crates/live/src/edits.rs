//! What a reader has changed: a copy for each file, with the text that it was
//! made from beside it.
//!
//! `target/live/edits/PATH/text` is the reader's text, `…/base` the book's. They
//! are there when the server is started again, and for a second server, too.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use artifacts::source_hash::fnv;
use serde::Serialize;
use similar::TextDiff;

/// The most bytes that an edited file may have.
pub const MOST: usize = 1024 * 1024;

/// The edits of a checkout.
pub struct Edits {
    root: PathBuf,
    /// `target/live`.
    folder: PathBuf,
}

/// A file as its reader sees it.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Its text.
    pub text: String,
    /// What the next save has to name.
    pub version: String,
    /// Whether it differs from the book's.
    pub edited: bool,
    /// Whether the book's file has changed since.
    pub stale: bool,
}

/// A save that would overwrite what the page has not seen.
#[derive(Debug)]
pub struct Conflict(pub String);

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Conflict {}

/// Names a text.
pub fn version(text: &str) -> String {
    format!("{:016x}", fnv(text.bytes()))
}

impl Edits {
    /// Returns the edits of the checkout at `root`, kept in `folder`.
    pub fn of(root: &Path, folder: &Path) -> Edits {
        Edits {
            root: root.to_path_buf(),
            folder: folder.to_path_buf(),
        }
    }

    /// Returns the book's own text of a file.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn original(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.root.join(file))
            .with_context(|| format!("the book's {file} cannot be read"))
    }

    fn kept(&self, file: &str) -> PathBuf {
        self.folder.join("edits").join(file)
    }

    fn edit(&self, file: &str) -> Result<Option<(String, String)>> {
        let kept = self.kept(file);
        let text = match fs::read_to_string(kept.join("text")) {
            Ok(text) => text,
            Err(err) if err.kind() == ErrorKind::NotFound => return Ok(None),
            Err(err) => {
                return Err(err).with_context(|| kept.display().to_string());
            }
        };
        let base = fs::read_to_string(kept.join("base"))
            .with_context(|| kept.display().to_string())?;
        Ok(Some((text, base)))
    }

    /// Returns a file as its reader sees it.
    ///
    /// # Errors
    ///
    /// The book's file, or the edit, cannot be read.
    pub fn read(&self, file: &str) -> Result<Copy> {
        let original = self.original(file)?;
        Ok(match self.edit(file)? {
            Some((text, base)) => Copy {
                version: version(&text),
                edited: true,
                stale: base != original,
                text,
            },
            None => Copy {
                version: version(&original),
                text: original,
                edited: false,
                stale: false,
            },
        })
    }

    /// Keeps a reader's text; returns the file as it is now.
    ///
    /// # Errors
    ///
    /// A [`Conflict`] if the page has not seen what it would overwrite; or the
    /// text cannot be written.
    pub fn save(&self, file: &str, text: &str, seen: &str) -> Result<Copy> {
        let now = self.read(file)?;
        if now.stale {
            bail!(stale(file));
        }
        if now.version != seen && now.text != text {
            bail!(Conflict(format!(
                "{file} was changed in another tab since this one has read it"
            )));
        }
        let original = self.original(file)?;
        if text == original {
            self.reset(file)?;
            return self.read(file);
        }
        let kept = self.kept(file);
        fs::create_dir_all(&kept)
            .and_then(|()| replace(&kept.join("base"), &original))
            .and_then(|()| replace(&kept.join("text"), text))
            .with_context(|| format!("cannot keep your edit of {file}"))?;
        self.read(file)
    }

    /// Forgets a reader's text.
    ///
    /// # Errors
    ///
    /// It cannot be removed.
    pub fn reset(&self, file: &str) -> Result<()> {
        match fs::remove_dir_all(self.kept(file)) {
            Err(err) if err.kind() != ErrorKind::NotFound => {
                Err(err).with_context(|| format!("cannot reset {file}"))
            }
            _ => Ok(()),
        }
    }

    /// Returns what a reader has changed, as a patch; empty if nothing.
    ///
    /// # Errors
    ///
    /// As [`Edits::read`].
    pub fn diff(&self, file: &str) -> Result<String> {
        let Some((text, base)) = self.edit(file)? else {
            return Ok(String::new());
        };
        Ok(TextDiff::from_lines(base.as_str(), text.as_str())
            .unified_diff()
            .header(&format!("a/{file}"), &format!("b/{file}"))
            .to_string())
    }

    /// Writes the patch to `target/live/kept/`; returns where it is.
    ///
    /// # Errors
    ///
    /// Nothing was changed; or the patch cannot be written.
    pub fn keep(&self, file: &str) -> Result<PathBuf> {
        let diff = self.diff(file)?;
        if diff.is_empty() {
            bail!("nothing is changed in {file}");
        }
        let folder = self.folder.join("kept");
        let name = file.replace('/', "-");
        let path = (1..)
            .map(|n| folder.join(format!("{name}.{n}.patch")))
            .find(|path| !path.exists())
            .context("no free name for the patch")?;
        fs::create_dir_all(&folder)
            .and_then(|()| replace(&path, &diff))
            .with_context(|| path.display().to_string())?;
        Ok(path)
    }

    /// Returns the texts of the edited files among `files`.
    ///
    /// # Errors
    ///
    /// One of them was made from an older file of the book.
    pub fn among<'a>(
        &self,
        files: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, String>> {
        let mut edits = BTreeMap::new();
        for file in files {
            let Some((text, base)) = self.edit(file)? else {
                continue;
            };
            if base != self.original(file)? {
                bail!(stale(file));
            }
            edits.insert(file.clone(), text);
        }
        Ok(edits)
    }
}

fn stale(file: &str) -> Conflict {
    Conflict(format!(
        "the book's {file} has changed since you began to edit it: keep your \
         change as a patch, then reset"
    ))
}

/// Writes a file whole or not at all.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)
        .and_then(|()| fs::rename(&new, path))
        .inspect_err(|_| {
            // Half a file on a full disk is in the way.
            fs::remove_file(&new).ok();
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "ch01-a/src/a/mod.rs";

    fn checkout() -> (tempfile::TempDir, Edits) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "one\ntwo\n").unwrap();
        let edits = Edits::of(folder.path(), &folder.path().join("live"));
        (folder, edits)
    }

    #[test]
    fn an_edit_is_kept_beside_the_checkout_and_forgotten_by_reset() {
        let (folder, edits) = checkout();
        let seen = edits.read(FILE).unwrap();
        let saved = edits.save(FILE, "one\n2\n", &seen.version).unwrap();
        assert!(saved.edited && !saved.stale);
        assert_eq!(edits.read(FILE).unwrap(), saved);
        let book = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert_eq!(book, "one\ntwo\n");
        edits.reset(FILE).unwrap();
        assert_eq!(edits.read(FILE).unwrap(), seen);
    }

    #[test]
    fn a_tab_that_has_not_seen_the_others_edit_does_not_overwrite_it() {
        let (_folder, edits) = checkout();
        let seen = edits.read(FILE).unwrap().version;
        edits.save(FILE, "mine\n", &seen).unwrap();
        let err = edits.save(FILE, "yours\n", &seen).unwrap_err();
        assert!(err.is::<Conflict>(), "{err}");
        assert_eq!(edits.read(FILE).unwrap().text, "mine\n");
    }

    #[test]
    fn an_edit_of_an_older_file_is_refused_and_can_still_be_kept() {
        let (folder, edits) = checkout();
        let seen = edits.read(FILE).unwrap().version;
        let saved = edits.save(FILE, "one\n2\n", &seen).unwrap();
        fs::write(folder.path().join(FILE), "one\ntwo\nthree\n").unwrap();
        assert!(edits.read(FILE).unwrap().stale);
        let err = edits.save(FILE, "x\n", &saved.version).unwrap_err();
        assert!(err.to_string().contains("has changed"), "{err}");
        let file = FILE.to_string();
        assert!(edits.among([&file].into_iter()).is_err());
        let patch = fs::read_to_string(edits.keep(FILE).unwrap()).unwrap();
        assert!(patch.contains("-two\n+2\n"), "{patch}");
        assert!(patch.starts_with(&format!("--- a/{FILE}\n+++ b/{FILE}\n")));
    }

    #[test]
    fn a_text_like_the_books_is_no_edit() {
        let (_folder, edits) = checkout();
        let seen = edits.read(FILE).unwrap().version;
        let saved = edits.save(FILE, "x\n", &seen).unwrap();
        let back = edits.save(FILE, "one\ntwo\n", &saved.version).unwrap();
        assert!(!back.edited);
        assert!(edits.keep(FILE).is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let (folder, edits) = checkout();
        fs::write(folder.path().join("live"), "a file").unwrap();
        let seen = version("one\ntwo\n");
        let err = edits.save(FILE, "x\n", &seen).unwrap_err();
        assert!(format!("{err:#}").contains("live"), "{err:#}");
    }
}
