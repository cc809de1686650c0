//! What the system does for a program: files, sockets, processes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Asks the system where it stands in a file: next to no work, but a question.
///
/// # Errors
///
/// There is no temporary file to be had.
pub fn call(times: u32) -> io::Result<Duration> {
    let mut file = tempfile::tempfile()?;
    let start = Instant::now();
    for _ in 0..times {
        file.stream_position()?;
    }
    Ok(start.elapsed())
}

/// Sends a byte through this machine's own network, and waits for it.
///
/// # Errors
///
/// There is no port, or the other side is gone.
pub fn loopback(times: u32) -> io::Result<Duration> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut here = TcpStream::connect(listener.local_addr()?)?;
    let (mut there, _) = listener.accept()?;
    // A single byte must not wait for more of them.
    here.set_nodelay(true)?;
    there.set_nodelay(true)?;
    let other = thread::Builder::new().spawn(move || -> io::Result<()> {
        let mut byte = [0];
        while there.read(&mut byte)? > 0 {
            there.write_all(&byte)?;
        }
        Ok(())
    })?;
    let start = Instant::now();
    for _ in 0..times {
        here.write_all(&[1])?;
        here.read_exact(&mut [0])?;
    }
    let took = start.elapsed();
    drop(here);
    other.join().expect("no panic")?;
    Ok(took)
}

/// Writes 4 KiB into a temporary file, and waits until the disk has them.
///
/// A temporary folder that is kept in memory has them at once.
///
/// # Errors
///
/// There is no temporary file to be had, or no room in it.
pub fn fsync(times: u32) -> io::Result<Duration> {
    let mut file: File = tempfile::tempfile()?;
    let start = Instant::now();
    for _ in 0..times {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&[42; 4096])?;
        file.sync_data()?;
    }
    Ok(start.elapsed())
}

/// Starts a program that has little to say, and waits for its end.
///
/// # Errors
///
/// It cannot be started.
pub fn process(program: &Path, times: u32) -> io::Result<Duration> {
    let start = Instant::now();
    for _ in 0..times {
        Command::new(program)
            .arg("--list")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()?;
    }
    Ok(start.elapsed())
}
