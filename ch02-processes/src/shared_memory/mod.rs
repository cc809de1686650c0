//! Shared memory: two processes map the same bytes.
//!
//! The mapped file holds bytes only: a pointer would be invalid in the other
//! process, and without atomics two processes' accesses would be a data race.
//!
//! cargo run -p ch02-processes -- shared-memory

use std::env;
use std::error::Error;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

// rust-vmm's crate, made for the memory of virtual machines, which another
// machine or process may change at any moment. memmap2 would do, but its `map`
// is `unsafe`, because a reference to such memory must not exist.
use vm_memory::{Bytes, FileOffset, MmapRegion, VolatileMemory};

/// How often each child adds one.
pub const TIMES: u64 = 100_000;
const SIZE: usize = 4096;
/// The offsets of the counter and of the text: its length and its bytes.
const COUNTER: usize = 0;
const TEXT: usize = 64;

/// The variable that names the file to a child, as an `OsString`, because a
/// path need not be UTF-8.
const FILE: &str = "PLATES_SHARED_FILE";

/// Maps the first bytes of a file, which must be at least that long.
///
/// # Errors
///
/// Any I/O error.
pub fn map(file: File) -> Result<MmapRegion<()>, Box<dyn Error>> {
    Ok(MmapRegion::from_file(FileOffset::new(file, 0), SIZE)?)
}

/// Adds to the counter in the file that [`FILE`] names, and writes a text.
///
/// # Errors
///
/// Any I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let path = env::var_os(FILE).ok_or("no file to share")?;
    let file = File::options().read(true).write(true).open(path)?;
    let region = map(file)?;
    let memory = region.as_volatile_slice();
    let counter: &AtomicU64 = memory.get_atomic_ref(COUNTER)?;
    for _ in 0..TIMES {
        // An atomic instruction works across processes, too.
        counter.fetch_add(1, Ordering::Relaxed);
    }
    let text = b"from a child";
    memory.write_obj(text.len() as u64, TEXT)?;
    memory.write_slice(text, TEXT + size_of::<u64>())?;
    Ok(())
}

/// Lets `children` processes add, and returns the sum and the last text.
///
/// # Errors
///
/// A child failed, or an I/O error.
pub fn run(
    program: &Path,
    children: usize,
) -> Result<(u64, String), Box<dyn Error>> {
    let file = tempfile::NamedTempFile::new()?;
    file.as_file().set_len(SIZE as u64)?;
    let started: io::Result<Vec<_>> = (0..children)
        .map(|_| {
            Command::new(program)
                .args(["shared-memory", "--child"])
                .env(FILE, file.path())
                .stdin(Stdio::null())
                .spawn()
        })
        .collect();
    for mut child in started? {
        // `wait` orders the child's writes before this process's reads.
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("a child ended: {status}").into());
        }
    }
    let region = map(file.reopen()?)?;
    let memory = region.as_volatile_slice();
    let sum = memory.load(COUNTER, Ordering::Relaxed)?;
    // The other process wrote the length: do not trust it beyond the limit.
    let length: u64 = memory.read_obj(TEXT)?;
    let mut text = vec![0; usize::try_from(length)?.min(SIZE / 2)];
    memory.read_slice(&mut text, TEXT + size_of::<u64>())?;
    Ok((sum, String::from_utf8(text)?))
}

/// Lets two processes add to one counter.
///
/// # Errors
///
/// A child's error, or an I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let (sum, text) = run(&env::current_exe()?, 2)?;
    println!("two processes added {TIMES} each: {sum}");
    println!("and left some bytes: {text}");
    Ok(())
}
