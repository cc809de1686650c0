//! Work that computes gets faster with workers, if it was right before.
//!
//! RC4 is broken as a cipher and good as a lesson: twelve lines, known answers,
//! nothing to wait for. First the answers, then the workers.
//!
//! cargo run -p ch02-processes -- tables

use std::env;
use std::error::Error;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::frames::{receive, send};

pub mod vectors;

/// How many buffers, and the size of the one in the middle.
const JOBS: usize = 12;
const SIZE: usize = 1 << 15;
/// CipherSaber-2 mixes the key in this often; RC4 once.
const LOOPS: usize = 20;

/// Encrypts or decrypts: with RC4 it is the same.
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

/// Encrypts, decrypts and compares `size` bytes; returns the first bytes of
/// what the ciphertext's SHA-256 is.
pub fn job(size: usize) -> String {
    let key = b"twelve buffers";
    let plain: Vec<u8> = (0..size).map(|i| i as u8).collect();
    let cipher = rc4(key, LOOPS, &plain);
    assert_eq!(rc4(key, LOOPS, &cipher), plain);
    let digest = Sha256::digest(&cipher);
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Does the jobs that stdin names, until it ends.
///
/// # Errors
///
/// A frame that is none, or the system's.
pub fn child() -> Result<(), Box<dyn Error>> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    while let Some(size) = receive(&mut stdin)? {
        send(&mut stdout, &job(size))?;
    }
    Ok(())
}

/// Has one worker do some jobs, one after the other.
///
/// # Errors
///
/// The system's, or a worker that does not answer.
fn ask(program: &Path, sizes: &[usize]) -> io::Result<Vec<String>> {
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
        for size in sizes {
            send(&mut to, size)?;
            let digest = receive(&mut from).map_err(io::Error::other)?;
            digests.extend(digest as Option<String>);
        }
    }
    worker.wait()?;
    Ok(digests)
}

/// Has `workers` processes do all of `sizes`; returns the digests in order.
///
/// # Errors
///
/// The system's, or a worker that does not answer.
pub fn run(
    program: &Path,
    workers: usize,
    sizes: &[usize],
) -> io::Result<Vec<String>> {
    // Neighbours are of like size: one share each is fair enough.
    let share = sizes.len().div_ceil(workers.max(1)).max(1);
    thread::scope(|scope| {
        let asked: Vec<_> = sizes
            .chunks(share)
            .map(|sizes| scope.spawn(move || ask(program, sizes)))
            .collect();
        let mut digests = Vec::new();
        for answers in asked {
            digests.extend(answers.join().expect("asking does not panic")?);
        }
        Ok(digests)
    })
}

/// Checks RC4 against its known answers, then does the jobs with 1 to 4
/// workers, whose times go to stderr.
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
