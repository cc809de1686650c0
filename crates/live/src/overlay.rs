//! A workspace of links to the checkout, in which the edited files are real.
//!
//! It is below `target/live/`, and built with the checkout's own build folder:
//! cargo tells packages apart by their paths from the workspace's root, which
//! are the same here, so that everything but the chapters is built already.
//! Each chapter has another version here, `0.1.0+live.0`: so its builds have
//! other names, and `cargo run` in the checkout never runs an edit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, Result, bail};

use crate::site::is_of_a_chapter;

/// How many servers may serve one checkout.
const SLOTS: usize = 16;

/// What is not linked: it is written here, or must not be.
const OWN: [&str; 3] = ["target", ".git", "Cargo.lock"];

/// The workspace of one server.
pub struct Overlay {
    root: PathBuf,
    folder: PathBuf,
    /// Where its programs are.
    pub out: PathBuf,
    slot: usize,
    /// The files that were real at some time: a link in their place would bring
    /// an old time of change back, and cargo would not build them again.
    real: BTreeSet<String>,
    /// Locked as long as the server lives.
    _lock: File,
}

impl Overlay {
    /// Takes a free place below `live`, which is `target/live` of the checkout
    /// at `root`.
    ///
    /// # Errors
    ///
    /// No place is free, or it cannot be written.
    pub fn claim(root: &Path, live: &Path) -> Result<Overlay> {
        fs::create_dir_all(live).with_context(|| live.display().to_string())?;
        for slot in 0..SLOTS {
            let lock = live.join(format!("lock-{slot}"));
            let file = File::create(&lock)
                .with_context(|| lock.display().to_string())?;
            if file.try_lock().is_err() {
                continue;
            }
            // Of another name than the last one in this place: its reaper may
            // still be removing that.
            let name = format!("workspace-{slot}-");
            for old in fs::read_dir(live)?.flatten() {
                if old.file_name().to_string_lossy().starts_with(&name) {
                    remove(&old.path())
                        .with_context(|| old.path().display().to_string())?;
                }
            }
            let folder = live.join(format!("{name}{}", process::id()));
            fs::create_dir_all(&folder)
                .with_context(|| folder.display().to_string())?;
            return Ok(Overlay {
                root: root.to_path_buf(),
                folder,
                out: live.join(format!("out-{slot}")),
                slot,
                real: BTreeSet::new(),
                _lock: file,
            });
        }
        bail!("{SLOTS} servers serve this checkout already")
    }

    /// Returns the workspace's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the workspace the checkout as it is now, but for `edits` of the
    /// files that are wanted; the others stay as they are.
    ///
    /// # Errors
    ///
    /// The checkout cannot be read, or the workspace not written.
    pub fn apply(
        &mut self,
        edits: &BTreeMap<String, String>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<()> {
        let what = || format!("a copy of {}", self.root.display());
        let lock = fs::read_to_string(self.root.join("Cargo.lock"))
            .with_context(what)?;
        let mut chapters = Vec::new();
        let entries = fs::read_dir(&self.root).with_context(what)?;
        for entry in entries {
            let entry = entry.with_context(what)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if OWN.contains(&name.as_str()) {
                continue;
            }
            let is_folder = entry.path().is_dir();
            if is_folder && is_of_a_chapter(&name) {
                chapters.push(name);
            } else {
                let to = self.folder.join(&name);
                link(&entry.path(), &to).with_context(what)?;
            }
        }
        let (lock, versions) = self.renamed(&lock, &chapters);
        write(&self.folder.join("Cargo.lock"), &lock).with_context(what)?;
        let wanted = edits.keys().filter(|file| is_wanted(file));
        self.real.extend(wanted.cloned());
        for chapter in &chapters {
            self.mirror(chapter).with_context(what)?;
            let manifest = format!("{chapter}/Cargo.toml");
            let text = fs::read_to_string(self.root.join(&manifest))
                .with_context(what)?;
            let version = versions.get(chapter).map_or("0.0.0", String::as_str);
            write(&self.folder.join(&manifest), &with_version(&text, version))
                .with_context(what)?;
        }
        for file in self.real.iter().filter(|file| is_wanted(file)) {
            let original = self.root.join(file);
            let text = match edits.get(file) {
                Some(text) => text.clone(),
                None => fs::read_to_string(&original).with_context(what)?,
            };
            let to = self.folder.join(file);
            write(&to, &text).with_context(what)?;
        }
        Ok(())
    }

    /// Gives the chapters in a lock file versions of their own.
    fn renamed(
        &self,
        lock: &str,
        chapters: &[String],
    ) -> (String, BTreeMap<String, String>) {
        let mut versions = BTreeMap::new();
        let mut text = String::new();
        let mut chapter: Option<&String> = None;
        for line in lock.lines() {
            let value = |key: &str| {
                let value = line.strip_prefix(key)?.strip_prefix(" = \"")?;
                value.strip_suffix('"')
            };
            if let Some(name) = value("name") {
                chapter = chapters.iter().find(|chapter| *chapter == name);
            }
            match (chapter, value("version")) {
                (Some(name), Some(version)) => {
                    let version = format!("{version}+live.{}", self.slot);
                    text += &format!("version = \"{version}\"\n");
                    versions.insert(name.clone(), version);
                }
                _ => {
                    text += line;
                    text.push('\n');
                }
            }
        }
        (text, versions)
    }

    /// Makes the folders below `path` real and the files in them links, and
    /// removes what the checkout no longer has.
    fn mirror(&self, path: &str) -> io::Result<()> {
        let (from, to) = (self.root.join(path), self.folder.join(path));
        if to.is_symlink() {
            fs::remove_file(&to)?;
        }
        fs::create_dir_all(&to)?;
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let inner = format!("{path}/{name}");
            if entry.path().is_dir() {
                self.mirror(&inner)?;
            } else if !self.real.contains(&inner) && name != "Cargo.toml" {
                link(&entry.path(), &to.join(&name))?;
            }
            names.insert(name);
        }
        for entry in fs::read_dir(&to)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !names.contains(&name) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// Writes a chapter's version into its manifest.
fn with_version(manifest: &str, version: &str) -> String {
    let mut text = String::new();
    let mut in_package = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_package = line == "[package]";
        }
        match in_package && line.starts_with("version") {
            true => text += &format!("version = \"{version}\""),
            false => text += line,
        }
        text.push('\n');
    }
    text
}

/// Links a file or folder, unless it is linked already.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        if fs::read_link(to).is_ok_and(|old| old == from) {
            return Ok(());
        }
        remove(to)?;
        std::os::unix::fs::symlink(from, to)
    }
    #[cfg(not(unix))]
    {
        // Links to files need a privilege there. A second name of the same
        // file has the same time of change, too.
        if from.is_dir() {
            fs::create_dir_all(to)?;
            for entry in fs::read_dir(from)? {
                let entry = entry?;
                link(&entry.path(), &to.join(entry.file_name()))?;
            }
            return Ok(());
        }
        remove(to)?;
        fs::hard_link(from, to)
    }
}

/// Writes a file of the overlay's own, unless it is as it should be. Never
/// through a link: that would write the checkout.
fn write(path: &Path, text: &str) -> io::Result<()> {
    if !path.is_symlink()
        && fs::read(path).is_ok_and(|old| old == text.as_bytes())
    {
        return Ok(());
    }
    remove(path)?;
    fs::write(path, text)
}

/// Removes a file, a link, or a folder with all that is in it.
fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(err) => Err(err),
    };
    match removed {
        Err(err) if err.kind() != ErrorKind::NotFound => Err(err),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "ch01-a/src/a.rs";

    fn checkout() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [
            (FILE, "fn a() {}\n"),
            ("ch01-a/src/b.rs", "fn b() {}\n"),
            (
                "ch01-a/Cargo.toml",
                "[package]\nname = \"ch01-a\"\nversion.workspace = true\n\
                 [dependencies.x]\nversion = \"1\"\n",
            ),
            (
                "Cargo.lock",
                "[[package]]\nname = \"ch01-a\"\nversion = \"0.1.0\"\n\
                 [[package]]\nname = \"x\"\nversion = \"1.0.0\"\n",
            ),
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn an_edit_is_real_and_the_checkout_stays_as_it_was() {
        let root = checkout();
        let live = root.path().join("target/live");
        let mut overlay = Overlay::claim(root.path(), &live).unwrap();
        let edit = "fn a() { 1; }\n".to_string();
        let edits = BTreeMap::from([(FILE.to_string(), edit.clone())]);
        overlay.apply(&edits, |_| true).unwrap();
        let copy = overlay.folder().join(FILE);
        assert_eq!(fs::read_to_string(&copy).unwrap(), edit);
        let here = |file: &str| {
            fs::read_to_string(overlay.folder().join(file)).unwrap()
        };
        assert!(here("Cargo.lock").contains("version = \"0.1.0+live.0\""));
        assert!(here("Cargo.lock").contains("version = \"1.0.0\""));
        assert!(here("ch01-a/Cargo.toml").contains("\"0.1.0+live.0\""));
        assert!(here("ch01-a/Cargo.toml").contains("version = \"1\""));
        overlay.apply(&BTreeMap::new(), |_| true).unwrap();
        // Real all the same: its time of change has to be new.
        assert!(!copy.is_symlink());
        assert_eq!(fs::read_to_string(&copy).unwrap(), "fn a() {}\n");
        let book = fs::read_to_string(root.path().join(FILE)).unwrap();
        assert_eq!(book, "fn a() {}\n");
    }

    #[test]
    fn what_the_checkout_has_lost_or_gained_is_lost_or_gained() {
        let root = checkout();
        let live = root.path().join("target/live");
        let mut overlay = Overlay::claim(root.path(), &live).unwrap();
        overlay.apply(&BTreeMap::new(), |_| true).unwrap();
        fs::remove_file(root.path().join("ch01-a/src/b.rs")).unwrap();
        fs::write(root.path().join("ch01-a/src/c.rs"), "c").unwrap();
        overlay.apply(&BTreeMap::new(), |_| true).unwrap();
        let src = overlay.folder().join("ch01-a/src");
        assert!(!src.join("b.rs").is_symlink());
        assert_eq!(fs::read_to_string(src.join("c.rs")).unwrap(), "c");
    }

    #[test]
    fn two_servers_have_two_places() {
        let root = checkout();
        let live = root.path().join("target/live");
        let one = Overlay::claim(root.path(), &live).unwrap();
        let two = Overlay::claim(root.path(), &live).unwrap();
        assert_ne!(one.folder(), two.folder());
        drop(one);
        let three = Overlay::claim(root.path(), &live).unwrap();
        assert_eq!(three.slot, 0);
    }
}
