//! Ties what was recorded to the code that it was recorded from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::room::Room;

/// Returns a hash of a section's code, which changes when the code does: all
/// Rust files of its room.
///
/// Comments, tests and blank lines count for nothing: whoever mends a sentence
/// has nothing to record again.
///
/// # Errors
///
/// The chapter has no such section, or a file cannot be read.
pub fn source_hash(room: &Room) -> Result<String, String> {
    let mut files = Vec::new();
    sources(&room.path(&room.folder()), &mut files)?;
    if files.is_empty() {
        return Err(format!("there is no section `{}`", room.slug));
    }
    files.sort();
    let mut hash = Fnv::default();
    for path in files {
        let text = read(&path)?;
        let code = text.lines().map(str::trim);
        for line in code.take_while(|line| *line != "#[cfg(test)]") {
            if !line.is_empty() && !line.starts_with("//") {
                hash.add(line);
            }
        }
    }
    Ok(format!("{:016x}", hash.0))
}

/// Collects the `.rs` files at and below `path`.
fn sources(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if path.is_dir() {
        let entries = fs::read_dir(path)
            .and_then(|all| {
                all.map(|e| Ok(e?.path())).collect::<Result<Vec<_>, _>>()
            })
            .map_err(|err| format!("{}: {err}", path.display()))?;
        for path in entries {
            sources(&path, files)?;
        }
    } else if path.extension().is_some_and(|ending| ending == "rs") {
        files.push(path.to_path_buf());
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|err| format!("{}: {err}", path.display()))
}

/// The hash of Fowler, Noll and Vo: short, and the same everywhere. Nobody
/// gains anything by a collision.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, line: &str) {
        for byte in line.bytes().chain([b'\n']) {
            self.0 ^= u64::from(byte);
            self.0 = self.0.wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(spin: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::new(folder.path(), "ch", "spin");
        fs::create_dir_all(room.path(&room.folder())).unwrap();
        fs::write(room.path(&room.file("mod.rs")), spin).unwrap();
        let hash = source_hash(&room).unwrap();
        (folder, hash)
    }

    #[test]
    fn code_counts_and_comments_and_tests_do_not() {
        let (_, plain) = chapter("fn a() {}\n");
        let (_, same) =
            chapter("// Why.\n\nfn a() {}\n\n#[cfg(test)]\nmod tests {}\n");
        let (_, other) = chapter("fn b() {}\n");
        assert_eq!(plain, same);
        assert_ne!(plain, other);
    }

    #[test]
    fn a_section_that_is_not_there_is_an_error() {
        let (folder, _) = chapter("");
        let room = Room::new(folder.path(), "ch", "pin");
        let err = source_hash(&room).unwrap_err();
        assert_eq!(err, "there is no section `pin`");
    }
}
