//! `Child::kill`: end a process from outside, and what it leaves behind.
//!
//! A thread cannot be killed: it shares its memory and its locks with the other
//! threads. A process that is killed leaves files, children and half-sent
//! messages behind.
//!
//! cargo run -p ch02-processes -- kill

pub mod cli;
#[cfg(unix)]
pub mod left;

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The line that a child prints once it holds its lock.
const LOCKED: &str = "locked";

/// A file that says "in use", and is removed when this value is dropped.
pub struct Lock(PathBuf);

impl Lock {
    /// Creates the file.
    ///
    /// # Errors
    ///
    /// The file exists: a process holds the lock, or was killed with it.
    pub fn take(path: &Path) -> io::Result<Lock> {
        File::create_new(path)?;
        Ok(Lock(path.to_path_buf()))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // `drop` cannot return the error; the demo looks for the file.
        fs::remove_file(&self.0).ok();
    }
}

/// The variable that names a child's lock, as an `OsString`, because a path
/// need not be UTF-8.
const LOCK: &str = "PLATES_LOCK";

/// Takes the lock that [`LOCK`] names and holds it until stdin ends; a `deaf`
/// child computes instead, and does not read its stdin.
///
/// # Errors
///
/// Any I/O error.
pub fn child(deaf: bool) -> Result<(), Box<dyn Error>> {
    let path = env::var_os(LOCK).ok_or("no lock to take")?;
    let _lock = Lock::take(Path::new(&path))?;
    println!("{LOCKED}");
    // A limit, for a system where the child does not see its parent end.
    let started = Instant::now();
    while deaf && started.elapsed() < Duration::from_secs(20) {
        std::hint::spin_loop();
    }
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// Starts a child and returns once it holds the lock.
///
/// # Errors
///
/// Any I/O error, or a child that has no lock.
pub fn start(program: &Path, flag: &str, lock: &Path) -> io::Result<Child> {
    let mut child = Command::new(program)
        .args(["kill", flag])
        .env(LOCK, lock)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    if let Some(stdout) = &mut child.stdout {
        // The child's line, not a sleep: from here on the lock is taken.
        BufReader::new(stdout).read_line(&mut said)?;
    }
    if said.trim_end() != LOCKED {
        // The child has printed why.
        let status = tell(&mut child)?;
        return Err(io::Error::other(format!("the child ended, {status}")));
    }
    Ok(child)
}

/// Closes the child's stdin and waits for its end.
///
/// # Errors
///
/// The system cannot wait.
pub fn tell(child: &mut Child) -> io::Result<ExitStatus> {
    drop(child.stdin.take());
    child.wait()
}

/// Kills the child and waits: a dead child stays in the process table until its
/// parent has asked how it ended.
///
/// # Errors
///
/// Any I/O error.
pub fn kill(child: &mut Child) -> io::Result<ExitStatus> {
    child.kill()?;
    child.wait()
}

/// Ends one child by closing its stdin, and kills one that does not read.
///
/// # Errors
///
/// Any I/O error.
///
/// Source: *Fluent Python*, 1st ed., ch. 18: a spinner ended by `terminate`.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    let folder = tempfile::tempdir()?;
    type End = fn(&mut Child) -> io::Result<ExitStatus>;
    let ways: [(&str, &str, End); 2] =
        [("told", "--child", tell), ("killed", "--deaf-child", kill)];
    for (how, flag, end) in ways {
        let lock = folder.path().join(how);
        let mut child = start(&program, flag, &lock)?;
        let status = end(&mut child)?;
        println!("{how}: success: {}", status.success());
        println!("{how}: its lock file is left: {}", lock.exists());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_taken_once_and_given_back_by_drop() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = Lock::take(&path).unwrap();
        assert!(Lock::take(&path).is_err());
        drop(lock);
        assert!(Lock::take(&path).is_ok());
    }
}
