//! RC4 and SHA-256 in a pool of processes: correct first, then faster.
//!
//! RC4 is broken as a cipher, but it is a good CPU-bound job: twelve lines, and
//! published test vectors. The vectors come first, then the workers.
//!
//! cargo run -p ch02-processes -- tables

use std::env;
use std::error::Error;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::framing::{receive, send};

pub mod cli;
pub mod vectors;

/// The number of buffers, and the size of the middle one.
const JOBS: usize = 12;
const SIZE: usize = 1 << 15;
/// How often CipherSaber-2 mixes the key in; RC4 does it once.
const LOOPS: usize = 20;

/// Encrypts or decrypts: RC4 is symmetric.
///
/// The key is 1 to 256 bytes. For learning only: RC4 has been forbidden in TLS
/// since RFC 7465.
pub fn rc4(key: &[u8], loops: usize, data: &[u8]) -> Vec<u8> {
    let mut s: [u8; 256] = std::array::from_fn(|i| i as u8);
    let mut j = 0u8;
    for _ in 0..loops {
        for i in 0..256 {
            j = j.wrapping_add(s[i]).wrapping_add(key[i % key.len()]);
            s.swap(i, usize::from(j));
        }
    }
    let (mut i, mut j) = (0u8, 0u8);
    let byte = |byte: &u8| {
        i = i.wrapping_add(1);
        j = j.wrapping_add(s[usize::from(i)]);
        s.swap(usize::from(i), usize::from(j));
        let at = s[usize::from(i)].wrapping_add(s[usize::from(j)]);
        byte ^ s[usize::from(at)]
    };
    data.iter().map(byte).collect()
}

/// Encrypts, decrypts and compares `size` bytes; returns the first bytes of the
/// ciphertext's SHA-256.
pub fn job(size: usize) -> String {
    let key = b"twelve buffers";
    let plain: Vec<u8> = (0..size).map(|i| i as u8).collect();
    let cipher = rc4(key, LOOPS, &plain);
    assert_eq!(rc4(key, LOOPS, &cipher), plain);
    sha(&cipher)
}

/// Returns the first bytes of the SHA-256 of `data`.
fn sha(data: &[u8]) -> String {
    let digest = Sha256::digest(data);
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The job of a worker, with a buffer of `size` bytes.
#[derive(Serialize, Deserialize, Clone, Copy)]
enum Work {
    /// [`job`].
    Cipher(usize),
    /// Hashes it.
    Hash(usize),
}

/// Runs the jobs that it reads from stdin, until stdin ends.
///
/// # Errors
///
/// A line that is not a frame, or an I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    while let Some(work) = receive(&mut stdin)? {
        let digest = match work {
            Work::Cipher(size) => job(size),
            Work::Hash(size) => sha(&vec![7; size]),
        };
        send(&mut stdout, &digest)?;
    }
    Ok(())
}

/// Sends one worker some jobs, one after the other.
///
/// # Errors
///
/// Any I/O error, or a worker that does not answer.
fn ask(program: &Path, jobs: &[Work]) -> io::Result<Vec<String>> {
    let mut worker = Command::new(program)
        .args(["tables", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut digests = Vec::new();
    if let (Some(mut to), Some(from)) =
        (worker.stdin.take(), worker.stdout.take())
    {
        let mut from = BufReader::new(from);
        for work in jobs {
            send(&mut to, work)?;
            let digest = receive(&mut from).map_err(io::Error::other)?;
            digests.extend(digest as Option<String>);
        }
    }
    worker.wait()?;
    Ok(digests)
}

/// Divides `sizes` among `workers` processes; returns the digests in order.
///
/// # Errors
///
/// Any I/O error, or a worker that does not answer.
pub fn run(
    program: &Path,
    workers: usize,
    sizes: &[usize],
) -> io::Result<Vec<String>> {
    let jobs: Vec<_> = sizes.iter().copied().map(Work::Cipher).collect();
    share(program, workers, &jobs)
}

fn share(
    program: &Path,
    workers: usize,
    jobs: &[Work],
) -> io::Result<Vec<String>> {
    // Neighbours are of similar size, so equal shares are fair enough.
    let share = jobs.len().div_ceil(workers.max(1)).max(1);
    thread::scope(|scope| {
        let asked: Vec<_> = jobs
            .chunks(share)
            .map(|jobs| scope.spawn(move || ask(program, jobs)))
            .collect();
        let mut digests = Vec::new();
        for answers in asked {
            digests.extend(answers.join().expect("asking does not panic")?);
        }
        Ok(digests)
    })
}

/// Checks RC4 against its test vectors, then runs the jobs with 1 to 4 workers
/// and prints the times to stderr.
///
/// # Errors
///
/// A worker's.
///
/// Source: *Fluent Python*, 1st ed., its repository: the crypto examples.
pub fn demo() -> Result<(), Box<dyn Error>> {
    for vector in vectors::all() {
        let right = rc4(&vector.key, 1, &vector.plain) == vector.cipher;
        println!("{:<12} {}", vector.name, if right { "OK" } else { "WRONG" });
    }
    let program = env::current_exe()?;
    let sizes: Vec<usize> =
        (0..JOBS).map(|i| SIZE / 2 + SIZE / JOBS * i).collect();
    let mut digests = Vec::new();
    for workers in 1..=4 {
        let started = Instant::now();
        digests = run(&program, workers, &sizes)?;
        eprintln!("{workers} workers: {:.2?}", started.elapsed());
    }
    for (size, digest) in sizes.iter().zip(digests) {
        println!("{size:>6} bytes  {digest}");
    }
    Ok(())
}

/// Prints how long one to four workers take for the source's buffers.
///
/// # Errors
///
/// A worker's.
///
/// Source: *Fluent Python*, 1st ed., its repository: `arcfour_futures.py` and
/// `sha_futures.py`.
pub fn demo_times() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    let ciphers: Vec<_> = (1..=JOBS)
        .map(|i| Work::Cipher((1 << 17) + (1 << 18) / JOBS * i))
        .collect();
    for (what, jobs) in [
        ("RC4, 12 buffers of 149 to 384 KiB", ciphers),
        (
            "SHA-256, 12 buffers of 1 MiB",
            vec![Work::Hash(1 << 20); JOBS],
        ),
    ] {
        println!("{what}");
        for workers in 1..=4 {
            let started = Instant::now();
            share(&program, workers, &jobs)?;
            let ms = started.elapsed().as_millis();
            println!("{workers} workers: {ms} ms");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_vectors_of_the_draft_come_out() {
        for vector in vectors::all() {
            assert_eq!(rc4(&vector.key, 1, &vector.plain), vector.cipher);
            assert_eq!(rc4(&vector.key, 1, &vector.cipher), vector.plain);
        }
        assert_eq!(vectors::all()[2].plain.len(), 309);
    }
}
