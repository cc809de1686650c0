//! An object can do what a coroutine does, and is faster here.
//!
//! New: the same filter twice, as a body that waits in the middle and as a
//! struct whose fields say where it stands.
//!
//! cargo run -p ch03-generators -- object

use std::error::Error;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};
use crate::pipeline::log;

/// Calls `found` with each line that has `pattern` in it, and with the line
/// after it.
///
/// Where it stands is what it knows: a body in the inner loop has found one.
/// `next()` counts as an empty line.
///
/// # Errors
///
/// What was thrown; the end of the stream.
pub async fn grep<'a>(
    co: Co<'_, (), &'a str>,
    pattern: &str,
    mut found: impl FnMut(&'a str),
) -> Result<(), Raised> {
    loop {
        let mut line = co.yield_(()).await?.unwrap_or_default();
        while line.contains(pattern) {
            found(line);
            line = co.yield_(()).await?.unwrap_or_default();
            found(line);
            line = co.yield_(()).await?.unwrap_or_default();
        }
    }
}

/// The same, with a field for the place where the body waits.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 2,
/// where the object is the slower one.
pub struct Grep<'p, F> {
    pattern: &'p str,
    found: F,
    after_a_match: bool,
}

impl<'p, F> Grep<'p, F> {
    /// Makes a filter that has seen nothing yet.
    pub fn new(pattern: &'p str, found: F) -> Self {
        let after_a_match = false;
        Grep {
            pattern,
            found,
            after_a_match,
        }
    }

    /// Takes the next line.
    pub fn send<'a>(&mut self, line: &'a str)
    where
        F: FnMut(&'a str),
    {
        if self.after_a_match {
            (self.found)(line);
            self.after_a_match = false;
        } else if line.contains(self.pattern) {
            (self.found)(line);
            self.after_a_match = true;
        }
    }
}

/// Sends the same lines to both.
///
/// # Errors
///
/// None: neither fails.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let lines: Vec<String> = log::lines(5).take(12).collect();

    println!("coroutine");
    let print = |line: &str| println!("  {line}");
    let mut grep = Coroutine::new(|co| grep(co, "python", print)).primed()?;
    for line in &lines {
        grep.send(line).yielded()?;
    }
    grep.close()?;

    println!("object");
    let mut grep = Grep::new("python", print);
    for line in &lines {
        grep.send(line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_find_the_same_lines() {
        let lines: Vec<String> = log::lines(6).take(2_000).collect();
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let body =
            Coroutine::new(|co| grep(co, "python", |line| one.push(line)));
        let mut body = body.primed().unwrap();
        let mut object = Grep::new("python", |line| other.push(line));
        for line in &lines {
            body.send(line).yielded().unwrap();
            object.send(line);
        }
        drop(body);
        assert!(other.len() > 300, "{}", other.len());
        assert_eq!(one, other);
    }
}
