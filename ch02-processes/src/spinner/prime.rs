//! A parent that computes beside the child that draws.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::primes::is_prime;

/// Tests one large prime ten times, and prints the child's frames per second.
///
/// # Errors
///
/// Any I/O error, or a child that prints no number.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let mut child = Command::new(env::current_exe()?)
        .args(["spinner", "--counting-child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (n, start) = (5_000_111_000_222_021, Instant::now());
    // Ten times: once is too quick to count frames.
    let prime = (0..10).all(|_| is_prime(black_box(n)));
    println!("{n} is prime: {prime}");
    drop(child.stdin.take());
    let output = child.wait_with_output()?;
    let ms = start.elapsed().as_millis();
    let frames: u32 = String::from_utf8(output.stdout)?.trim_end().parse()?;
    println!("{frames} frames in {ms} ms");
    println!(
        "frames per second: {:.1}",
        f64::from(frames) * 1e3 / ms as f64
    );
    Ok(())
}
