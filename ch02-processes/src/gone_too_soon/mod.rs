//! A name may be gone before a child has opened it; an open file cannot be.
//!
//! A parent that gives a child a name must keep what it names until the child
//! has opened it. The borrow checker does not look into another process.
//!
//! cargo run -p ch02-processes -- gone-too-soon

pub mod cli;

use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The variable that names a file to a child.
const JOBS: &str = "PLATES_JOBS";

/// Waits for a line, and opens the file that [`JOBS`] names.
///
/// # Errors
///
/// The system's.
pub fn child_by_name() -> Result<(), Box<dyn Error>> {
    let path = env::var_os(JOBS).ok_or("no name")?;
    // As slow to start as a child may be.
    io::stdin().lock().read_line(&mut String::new())?;
    match fs::read(path) {
        Ok(bytes) => println!("{} bytes", bytes.len()),
        Err(err) => println!("{:?}", err.kind()),
    }
    Ok(())
}

/// Reads the file that is its stdin.
///
/// # Errors
///
/// The system's.
pub fn child_by_handle() -> Result<(), Box<dyn Error>> {
    let n = io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    println!("{n} bytes");
    Ok(())
}

fn child(program: &Path, flag: &str) -> Command {
    let mut child = Command::new(program);
    child.args(["gone-too-soon", flag]).stdout(Stdio::piped());
    child
}

fn answer(child: Child) -> io::Result<String> {
    let output = child.wait_with_output()?;
    Ok(String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_string())
}

/// Gives a child a name, and removes the file `before` or after the child has
/// opened it.
///
/// # Errors
///
/// The system's.
pub fn by_name(program: &Path, before: bool) -> io::Result<String> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("jobs");
    fs::write(&path, "7 8 9\n")?;
    let mut child = child(program, "--child")
        .env(JOBS, &path)
        .stdin(Stdio::piped())
        .spawn()?;
    // Kept in an Option: dropping it removes the folder, here or at the end.
    let mut folder = Some(folder);
    if let Some(mut stdin) = child.stdin.take() {
        if before {
            folder = None;
        }
        writeln!(stdin, "go")?;
    }
    let answer = answer(child)?;
    drop(folder);
    Ok(answer)
}

/// Gives a child an open file, and forgets it at once.
///
/// # Errors
///
/// The system's.
pub fn by_handle(program: &Path) -> io::Result<String> {
    // It has no name, or loses it when it is closed.
    let mut file: File = tempfile::tempfile()?;
    file.write_all(b"7 8 9\n")?;
    io::Seek::rewind(&mut file)?;
    answer(child(program, "--handed").stdin(file).spawn()?)
}

/// Shows what a child finds.
///
/// # Errors
///
/// The system's.
///
/// Source: *Fluent Python*, 2nd ed., its repository: a queue that its owner
/// drops before the children have it.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    let found = by_name(&program, true)?;
    println!("a name, removed before the child opens it: {found}");
    let found = by_name(&program, false)?;
    println!("a name, removed when the child has ended: {found}");
    let found = by_handle(&program)?;
    println!("an open file, whose name is gone: {found}");
    Ok(())
}
