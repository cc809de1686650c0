//! Files, named where they cannot be read or written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Reads a text file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Writes a file, and makes the folder that it is in.
pub fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| fs::write(path, text))
        .with_context(|| path.display().to_string())
}

/// Lists what is in a folder, sorted; a missing folder has nothing.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder)
        .and_then(|dir| dir.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> =
        entries.with_context(|| folder.display().to_string())?;
    paths.sort();
    Ok(paths)
}
