//! A section's folder: the one place that knows which file is where.

use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the section's own run, timeline and recording.
pub const RUST: &str = "rust";
/// The name of its twin's run.
pub const PYTHON: &str = "python";

/// The folder of one section.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Room {
    /// The workspace's folder.
    root: PathBuf,
    /// The chapter's folder and package: `ch01-threads`.
    pub chapter: String,
    /// The section's name: `lost-update`.
    pub slug: String,
}

impl Room {
    /// Names the room of a section, which need not be there.
    pub fn new(root: &Path, chapter: &str, slug: &str) -> Room {
        Room {
            root: root.to_path_buf(),
            chapter: chapter.to_string(),
            slug: slug.to_string(),
        }
    }

    /// Reads `CHAPTER/SLUG`, `CHAPTER/SLUG.py` or `CHAPTER/SLUG.NAME`: a room
    /// and the name of a file in its `recorded/`, without the ending.
    ///
    /// # Errors
    ///
    /// There is no `/`.
    pub fn of_run<'a>(
        root: &Path,
        address: &'a str,
    ) -> Result<(Room, &'a str)> {
        let Some((chapter, run)) = address.split_once('/') else {
            bail!("`{address}` is not CHAPTER/SLUG or CHAPTER/SLUG.NAME");
        };
        let (slug, name) = match run.split_once('.') {
            None => (run, RUST),
            Some((slug, "py")) => (slug, PYTHON),
            Some((slug, name)) => (slug, name),
        };
        Ok((Room::new(root, chapter, slug), name))
    }

    /// Lists the rooms of a chapter by name: the folders in its `src` that have
    /// a `section.toml`.
    pub fn all(root: &Path, chapter: &str) -> Vec<Room> {
        let entries = fs::read_dir(root.join(chapter).join("src"));
        // A chapter without sources has no rooms.
        let entries = entries.into_iter().flatten().flatten();
        let mut rooms: Vec<Room> = entries
            .filter(|entry| entry.path().join("section.toml").is_file())
            .map(|entry| {
                let module = entry.file_name().to_string_lossy().into_owned();
                Room::new(root, chapter, &module.replace('_', "-"))
            })
            .collect();
        rooms.sort();
        rooms
    }

    /// Returns the workspace's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the section's folder from the workspace's root, as a page or a
    /// message names it.
    pub fn folder(&self) -> String {
        let module = self.slug.replace('-', "_");
        format!("{}/src/{module}", self.chapter)
    }

    /// Returns the path of a file in the room from the workspace's root.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.folder())
    }

    /// Returns the path of a file in `recorded/` from the workspace's root.
    pub fn recorded(&self, name: &str, ending: &str) -> String {
        self.file(&format!("recorded/{name}.{ending}"))
    }

    /// Returns where a path from the workspace's root is on this machine.
    pub fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Reads a file, by its path from the workspace's root.
    ///
    /// # Errors
    ///
    /// It cannot be read, or `parse` refuses it in words that begin with a line;
    /// the message is `FILE:LINE: …`.
    pub fn parse<T>(
        &self,
        file: &str,
        parse: impl FnOnce(&str) -> Result<T>,
    ) -> Result<T> {
        let text = read(&self.root, file)?;
        parse(&text).map_err(|refused| anyhow!("{file}:{refused:#}"))
    }

    /// Returns the command of the section's own run or its twin's, as a reader
    /// types it; every other run has its own in `section.toml`.
    pub fn default_command(&self, name: &str) -> Option<String> {
        let Room { chapter, slug, .. } = self;
        match name {
            RUST => Some(format!("cargo run -p {chapter} -- {slug}")),
            PYTHON => Some(format!("python3 {}", self.file("twin.py"))),
            _ => None,
        }
    }

    /// Lists the names of the files in `recorded/` with an ending, sorted.
    pub fn names(&self, ending: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(&self.file("recorded")));
        // A section of which nothing was recorded has none.
        let entries = entries.into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let name = name.strip_suffix(ending)?.strip_suffix('.')?;
                Some(name.to_string())
            })
            .collect();
        names.sort();
        names
    }
}

/// Reads a file that `path` names from the workspace's root.
///
/// # Errors
///
/// It cannot be read, or is not UTF-8; the message names it.
pub fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| path.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_room_and_a_file_in_it() {
        let root = Path::new("/w");
        let of = |address| {
            let (room, name) = Room::of_run(root, address).unwrap();
            room.recorded(name, "txt")
        };
        assert_eq!(of("ch/a-b"), "ch/src/a_b/recorded/rust.txt");
        assert_eq!(of("ch/a-b.py"), "ch/src/a_b/recorded/python.txt");
        assert_eq!(of("ch/a-b.c-d"), "ch/src/a_b/recorded/c-d.txt");
        assert!(Room::of_run(root, "a-b").is_err());
    }

    #[test]
    fn a_folder_without_a_section_file_is_no_room() {
        let folder = tempfile::tempdir().unwrap();
        for module in ["b_c", "a", "helper"] {
            let path = folder.path().join("ch/src").join(module);
            fs::create_dir_all(&path).unwrap();
            if module != "helper" {
                fs::write(path.join("section.toml"), "").unwrap();
            }
        }
        let rooms = Room::all(folder.path(), "ch");
        let slugs: Vec<&str> = rooms.iter().map(|r| r.slug.as_str()).collect();
        assert_eq!(slugs, ["a", "b-c"]);
    }
}
