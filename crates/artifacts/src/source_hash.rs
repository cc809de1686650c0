//! Ties what was recorded to the code that it was recorded from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::room::Room;
use anyhow::{Context, Result, bail};

/// Returns a hash of a section's code, which changes when the code does: all
/// Rust files of its room.
///
/// Comments, tests and blank lines do not count: a sentence that is rewritten
/// asks for no new recording.
///
/// # Errors
///
/// The chapter has no such section, or a file cannot be read.
pub fn source_hash(room: &Room) -> Result<String> {
    let mut files = Vec::new();
    sources(&room.path(&room.folder()), &mut files)?;
    if files.is_empty() {
        bail!("there is no section `{}`", room.slug);
    }
    files.sort();
    let mut bytes = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path)
            .with_context(|| path.display().to_string())?;
        let lines = text.lines().map(str::trim);
        for line in lines.take_while(|line| *line != "#[cfg(test)]") {
            if !line.is_empty() && !line.starts_with("//") {
                bytes.extend(line.bytes().chain([b'\n']));
            }
        }
    }
    Ok(format!("{:016x}", fnv(bytes)))
}

/// Collects the `.rs` files at and below `path`.
fn sources(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        let entries = fs::read_dir(path)
            .and_then(|all| {
                all.map(|e| Ok(e?.path())).collect::<Result<Vec<_>, _>>()
            })
            .with_context(|| path.display().to_string())?;
        for path in entries {
            sources(&path, files)?;
        }
    } else if path.extension().is_some_and(|ending| ending == "rs")
        // It runs the section under every schedule, and is no part of it.
        && !path.ends_with("schedules.rs")
    {
        files.push(path.to_path_buf());
    }
    Ok(())
}

/// Returns the 64-bit FNV-1a hash of `bytes`.
///
/// It tells one version of a text from another, the same on every machine and
/// under every compiler, which std's hashers do not promise.
pub fn fnv(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
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
    fn the_hash_is_the_published_one() {
        // From the test vectors of the FNV authors.
        assert_eq!(fnv(*b"foobar"), 0x8594_4171_f739_67e8);
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
    fn fnv_agrees_with_the_published_test_vectors() {
        assert_eq!(fnv(*b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(*b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv(*b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_section_that_is_not_there_is_an_error() {
        let (folder, _) = chapter("");
        let room = Room::new(folder.path(), "ch", "pin");
        let err = source_hash(&room).unwrap_err();
        assert_eq!(err.to_string(), "there is no section `pin`");
    }
}
