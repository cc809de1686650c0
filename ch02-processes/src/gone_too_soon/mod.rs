//! Names and handles: a file may be removed before a child has opened it.
//!
//! A parent that gives a child a name must keep the file until the child has
//! opened it. The borrow checker does not see into another process.
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

/// Waits for a line, then opens the file that [`JOBS`] names.
///
/// # Errors
///
/// Any I/O error.
pub fn child_by_name() -> Result<(), Box<dyn Error>> {
    let path = env::var_os(JOBS).ok_or("no name")?;
    // Plays the part of a child that starts slowly.
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
/// Any I/O error.
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
/// Any I/O error.
pub fn by_name(program: &Path, before: bool) -> io::Result<String> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("jobs");
    fs::write(&path, "7 8 9\n")?;
    let mut child = child(program, "--child")
        .env(JOBS, &path)
        .stdin(Stdio::piped())
        .spawn()?;
    // In an `Option`: dropping it removes the folder, here or at the end.
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

/// Gives a child an open file, and closes its own handle at once.
///
/// # Errors
///
/// Any I/O error.
pub fn by_handle(program: &Path) -> io::Result<String> {
    // The system removes its name at once, or when it is closed.
    let mut file: File = tempfile::tempfile()?;
    file.write_all(b"7 8 9\n")?;
    io::Seek::rewind(&mut file)?;
    answer(child(program, "--handed").stdin(file).spawn()?)
}

/// Prints what each child could read.
///
/// # Errors
///
/// Any I/O error.
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
