//! A parent that computes beside the child that draws.

use std::env;
use std::error::Error;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::primes::is_prime;

/// Tests one large prime, and prints the child's frames per second.
///
/// # Errors
///
/// Any I/O error, or a child that prints no number.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let mut child = Command::new(env::current_exe()?)
        .args(["spinner", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (n, start) = (5_000_111_000_222_021, Instant::now());
    println!("{n} is prime: {}", is_prime(n));
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
