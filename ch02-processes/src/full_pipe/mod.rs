//! Pipe deadlock: a pipe holds little, and a full one makes the writer wait.
//!
//! A parent that first writes everything and then reads waits for a child that
//! waits for the parent. Reading and writing at once is the cure.
//!
//! cargo run -p ch02-processes -- full-pipe

pub mod cli;

use std::env;
use std::error::Error;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

/// More than two pipes hold, one in each direction, on any system.
pub const SIZE: usize = 4 << 20;

/// Copies stdin to stdout, as `cat` does.
///
/// # Errors
///
/// The system's.
pub fn cat() -> Result<(), Box<dyn Error>> {
    io::copy(&mut io::stdin().lock(), &mut io::stdout().lock())?;
    Ok(())
}

/// Starts this executable as one of the section's children.
///
/// # Errors
///
/// The system's, when it starts no process.
pub fn start(program: &Path, flag: &str) -> io::Result<Child> {
    Command::new(program)
        .args(["full-pipe", flag])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
}

/// Writes all of it, then reads the answer. Above some size this never ends.
///
/// # Errors
///
/// The system's.
pub fn exchange_broken(child: Child, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = child;
    if let Some(mut stdin) = child.stdin.take() {
        // The child writes what it has read; the parent does not read yet, so
        // that pipe fills. The child reads no more, and this pipe fills, too.
        stdin.write_all(bytes)?;
    }
    Ok(child.wait_with_output()?.stdout)
}

/// Writes in one thread and reads in another.
///
/// # Errors
///
/// The system's; of a child that stops reading, `BrokenPipe`.
pub fn exchange(child: Child, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = child;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // The pipe is closed where `stdin` is dropped: the child sees an end.
        let writer = scope.spawn(move || match stdin {
            Some(mut stdin) => stdin.write_all(bytes),
            None => Ok(()),
        });
        let output = child.wait_with_output()?;
        writer.join().expect("the writer does not panic")?;
        Ok(output.stdout)
    })
}

/// Writes first and reads then, and does not come back.
///
/// # Errors
///
/// The system's.
pub fn demo_broken() -> Result<(), Box<dyn Error>> {
    let child = start(&env::current_exe()?, "--cat")?;
    println!("writing {SIZE} bytes, then reading");
    let bytes = exchange_broken(child, &vec![7; SIZE])?;
    println!("{} bytes came back", bytes.len());
    Ok(())
}

/// Sends bytes there and back, and writes to a child that is gone.
///
/// # Errors
///
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    println!("writing {SIZE} bytes, and reading at the same time");
    let bytes = exchange(start(&program, "--cat")?, &vec![7; SIZE])?;
    println!("{} bytes came back", bytes.len());

    let mut child = start(&program, "--gone")?;
    if let Some(stdout) = &mut child.stdout {
        stdout.read_to_end(&mut Vec::new())?;
    }
    // `wait` would close the pipe first, as if it were ours to close.
    let mut stdin = child.stdin.take().ok_or("stdin is a pipe")?;
    child.wait()?;
    let kind = stdin.write_all(b"hello?").map_err(|err| err.kind());
    println!("writing to a child that is gone: {kind:?}");
    Ok(())
}
