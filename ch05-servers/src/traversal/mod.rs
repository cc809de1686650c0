//! A path from a stranger does not name a file.
//!
//! Four ways to turn the path of a request into a file of the root, and what
//! each lets out.
//!
//! cargo run -p ch05-servers -- traversal

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::interrupt::Folder;

/// Requests, and what they try.
pub const REQUESTS: [(&str, &str); 8] = [
    ("/br.gif", "a flag"),
    ("/../secret.txt", "up"),
    ("/%2e%2e/secret.txt", "up, encoded"),
    ("//ROOT/../secret.txt", "an absolute path"),
    ("/../flags-secret/s.txt", "a sibling of that prefix"),
    ("/link.gif", "a link that leads out"),
    ("/br.gif%00.txt", "a NUL"),
    ("/%252e%252e/secret.txt", "encoded twice"),
];

/// Joins, and trusts.
pub fn joined(root: &Path, path: &str) -> Option<PathBuf> {
    // `join` with an absolute path forgets what it is joined to.
    Some(root.join(decode(path)?.strip_prefix('/')?))
}

/// Joins, makes the path absolute and looks how it begins.
///
/// As a *string*: `flags-secret` begins with `flags`.
pub fn prefixed(root: &Path, path: &str) -> Option<PathBuf> {
    let file = fs::canonicalize(joined(root, path)?).ok()?;
    let begins = file.to_str()?.starts_with(root.to_str()?);
    begins.then_some(file)
}

/// The same, component by component; and links are followed before.
pub fn canonical(root: &Path, path: &str) -> Option<PathBuf> {
    let file = fs::canonicalize(joined(root, path)?).ok()?;
    file.starts_with(root).then_some(file)
}

/// The files that there are, by the one path at which each is found.
///
/// Nothing is joined and nothing decoded, so there is nothing to get wrong.
/// What comes into the folder later is not found.
pub struct Names(HashMap<String, PathBuf>);

impl Names {
    /// Reads the root's plain files; links are none.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn read(root: &Path) -> io::Result<Names> {
        let mut names = HashMap::new();
        for entry in fs::read_dir(root)? {
            let entry = entry?;
            if entry.file_type()?.is_file()
                && let Some(name) = entry.file_name().to_str()
            {
                names.insert(format!("/{name}"), entry.path());
            }
        }
        Ok(Names(names))
    }

    /// Finds a file.
    pub fn find(&self, path: &str) -> Option<PathBuf> {
        self.0.get(path).cloned()
    }
}

/// Decodes `%2e`, once. `None`: not UTF-8, or not complete.
pub fn decode(path: &str) -> Option<String> {
    let mut bytes = path.bytes();
    let mut decoded = vec![];
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                let digits = str::from_utf8(&digits).ok()?;
                let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
                u8::from_str_radix(digits, 16).ok().filter(|_| hex)?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Asks all four for everything.
pub fn demo() {
    show().expect("a folder for temporary files is there");
}

fn show() -> io::Result<()> {
    let (_folder, root) = Folder::new(fill)?;
    let names = Names::read(&root)?;
    println!("{:26}{:10}{:10}{:10}names", "", "joined", "prefix", "path");
    for (path, what) in REQUESTS {
        let path = path.replace("ROOT", &root.to_string_lossy()[1..]);
        let found = [
            joined(&root, &path),
            prefixed(&root, &path),
            canonical(&root, &path),
            names.find(&path),
        ];
        let [a, b, c, d] = found.map(|file| match served(file) {
            None => "404",
            Some(bytes) if bytes == b"flag" => "served",
            Some(_) => "SECRET",
        });
        println!("{what:26}{a:10}{b:10}{c:10}{d}");
    }
    Ok(())
}

fn served(file: Option<PathBuf>) -> Option<Vec<u8>> {
    fs::read(file?).ok()
}

/// Makes a root with a flag in it, and secrets around it; returns the root.
fn fill(folder: &Path) -> io::Result<PathBuf> {
    // What the system calls the folder: it may be a link itself.
    let folder = folder.canonicalize()?;
    let root = folder.join("flags");
    fs::create_dir(&root)?;
    fs::create_dir(folder.join("flags-secret"))?;
    fs::write(root.join("br.gif"), "flag")?;
    fs::write(folder.join("secret.txt"), "secret")?;
    fs::write(folder.join("flags-secret/s.txt"), "secret")?;
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.txt", root.join("link.gif"))?;
    Ok(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPELLINGS: [&str; 16] = [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/....//secret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/br.gif%00",
        "/..;/secret.txt",
        "/%252e%252e/secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/file:///etc/passwd",
        "/x/../../secret.txt",
        "/../flags-secret/s.txt",
        "/link.gif",
        "/%",
    ];

    #[test]
    fn no_spelling_leads_out_of_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = fill(folder.path()).unwrap();
        let names = Names::read(&root).unwrap();
        for path in SPELLINGS {
            assert_eq!(served(canonical(&root, path)), None, "{path}");
            assert_eq!(served(names.find(path)), None, "{path}");
        }
        assert_eq!(served(names.find("/br.gif")).unwrap(), b"flag");
    }

    #[test]
    fn a_sign_is_no_digit() {
        assert_eq!(decode("/%+1"), None);
        assert_eq!(decode("/%c3%a9").unwrap(), "/é");
    }
}
