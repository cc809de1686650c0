//! Pipe deadlock: a pipe has little room, and a full pipe makes writers wait.
//!
//! A parent that first writes everything and then reads waits for a child that
//! waits for the parent. The cure: read and write at the same time.
//!
//! cargo run -p ch02-processes -- full-pipe

pub mod cli;

use std::env;
use std::error::Error;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

/// More bytes than two pipes hold, one in each direction, on any system.
pub const SIZE: usize = 4 << 20;

/// Copies stdin to stdout, as `cat` does.
///
/// # Errors
///
/// Any I/O error.
pub fn cat() -> Result<(), Box<dyn Error>> {
    io::copy(&mut io::stdin().lock(), &mut io::stdout().lock())?;
    Ok(())
}

/// Starts this executable as one of the section's children.
///
/// # Errors
///
/// The system cannot start a process.
pub fn start(program: &Path, flag: &str) -> io::Result<Child> {
    Command::new(program)
        .args(["full-pipe", flag])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
}

/// Writes all bytes, then reads the answer. With enough bytes it never returns.
///
/// # Errors
///
/// Any I/O error.
pub fn exchange_broken(child: Child, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = child;
    if let Some(mut stdin) = child.stdin.take() {
        // The child copies; the parent does not read yet, so the child's stdout
        // fills and the child waits. It reads no more, so its stdin fills, too.
        stdin.write_all(bytes)?;
    }
    Ok(child.wait_with_output()?.stdout)
}

/// Writes in one thread and reads in another.
///
/// # Errors
///
/// Any I/O error; `BrokenPipe` if the child stops reading.
pub fn exchange(child: Child, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = child;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // Dropping `stdin` closes the pipe: the child reads its end.
        let writer = scope.spawn(move || match stdin {
            Some(mut stdin) => stdin.write_all(bytes),
            None => Ok(()),
        });
        let output = child.wait_with_output()?;
        writer.join().expect("the writer does not panic")?;
        Ok(output.stdout)
    })
}

/// Writes everything, then reads; does not return.
///
/// # Errors
///
/// Any I/O error.
pub fn demo_broken() -> Result<(), Box<dyn Error>> {
    let child = start(&env::current_exe()?, "--cat")?;
    println!("writing {SIZE} bytes, then reading");
    let bytes = exchange_broken(child, &vec![7; SIZE])?;
    println!("{} bytes came back", bytes.len());
    Ok(())
}

/// Sends bytes there and back, and writes to a child that has ended.
///
/// # Errors
///
/// Any I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    println!("writing {SIZE} bytes, and reading at the same time");
    let bytes = exchange(start(&program, "--cat")?, &vec![7; SIZE])?;
    println!("{} bytes came back", bytes.len());

    let mut child = start(&program, "--gone")?;
    if let Some(stdout) = &mut child.stdout {
        stdout.read_to_end(&mut Vec::new())?;
    }
    // Taken out of `child`, because `wait` closes the pipe.
    let mut stdin = child.stdin.take().ok_or("stdin is a pipe")?;
    child.wait()?;
    let kind = stdin.write_all(b"hello?").map_err(|err| err.kind());
    println!("writing to a child that is gone: {kind:?}");
    Ok(())
}
