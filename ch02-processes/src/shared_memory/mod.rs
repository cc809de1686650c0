//! Shared memory: two processes have the same bytes, and nothing but bytes.
//!
//! A file is mapped into both. There is nothing in it but bytes: no pointer
//! means anything on the other side, and only atomics are safe from each other.
//!
//! cargo run -p ch02-processes -- shared-memory

use std::env;
use std::error::Error;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

// rust-vmm's crate, made for the memory of virtual machines: what another
// machine, or another process, may change at any moment. memmap2 would do, but
// its map is `unsafe`, as a reference to such memory must not exist.
use vm_memory::{Bytes, FileOffset, MmapRegion, VolatileMemory};

/// How often each child adds one.
pub const TIMES: u64 = 100_000;
const SIZE: usize = 4096;
/// Where the counter is, and where the text: its length and its bytes.
const COUNTER: usize = 0;
const TEXT: usize = 64;

/// The variable that names the file to a child: as the system spells it, for a
/// path need not be UTF-8.
const FILE: &str = "PLATES_SHARED_FILE";

/// Maps the first bytes of a file, which is at least that long.
///
/// # Errors
///
/// The system's.
pub fn map(file: File) -> Result<MmapRegion<()>, Box<dyn Error>> {
    Ok(MmapRegion::from_file(FileOffset::new(file, 0), SIZE)?)
}

/// Adds to the counter of the file that [`FILE`] names, and leaves a text there.
///
/// # Errors
///
/// The system's.
pub fn child() -> Result<(), Box<dyn Error>> {
    let path = env::var_os(FILE).ok_or("no file to share")?;
    let file = File::options().read(true).write(true).open(path)?;
    let region = map(file)?;
    let memory = region.as_volatile_slice();
    let counter: &AtomicU64 = memory.get_atomic_ref(COUNTER)?;
    for _ in 0..TIMES {
        // The processor's own: it does not ask which process adds.
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
/// A child failed, or the system's.
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
        // The end of a process is what orders its writes before our reads.
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("a child ended: {status}").into());
        }
    }
    let region = map(file.reopen()?)?;
    let memory = region.as_volatile_slice();
    let sum = memory.load(COUNTER, Ordering::Relaxed)?;
    // Whatever the other side wrote: believed no further than it fits.
    let length: u64 = memory.read_obj(TEXT)?;
    let mut text = vec![0; usize::try_from(length)?.min(SIZE / 2)];
    memory.read_slice(&mut text, TEXT + size_of::<u64>())?;
    Ok((sum, String::from_utf8(text)?))
}

/// Lets two processes add to one counter.
///
/// # Errors
///
/// A child's, or the system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let (sum, text) = run(&env::current_exe()?, 2)?;
    println!("two processes added {TIMES} each: {sum}");
    println!("and left some bytes: {text}");
    Ok(())
}
