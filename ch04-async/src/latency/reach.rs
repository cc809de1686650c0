//! Memory, near and far.

use std::cell::OnceCell;
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

/// What the processor fetches at a time, and in it the number of the next one.
#[derive(Clone)]
#[repr(align(64))]
struct Line {
    next: usize,
}

/// Returns a walk through `bytes` bytes, a line at a time, each named by the one
/// before.
///
/// The way is a random circle through all lines: nothing can be fetched before
/// it is known, and nothing guessed.
pub fn reader(bytes: usize) -> impl Fn(u32) -> io::Result<Duration> {
    let lines = OnceCell::new();
    move |times| {
        let lines = lines.get_or_init(|| circle(bytes));
        // Once around a small circle, so that it is in the cache it fits.
        let at = walk(lines, 0, lines.len().min(10_000));
        let start = Instant::now();
        black_box(walk(lines, at, times as usize));
        Ok(start.elapsed())
    }
}

fn circle(bytes: usize) -> Vec<Line> {
    let mut order: Vec<usize> = (0..bytes / size_of::<Line>()).collect();
    fastrand::Rng::with_seed(42).shuffle(&mut order);
    let mut lines = vec![Line { next: order[0] }; order.len()];
    for pair in order.windows(2) {
        lines[pair[0]].next = pair[1];
    }
    lines
}

fn walk(lines: &[Line], mut at: usize, steps: usize) -> usize {
    for _ in 0..steps {
        at = lines[at].next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_comes_by_every_line_once() {
        let lines = circle(64 * 1_000);
        assert_eq!(size_of::<Line>(), 64);
        let mut seen = vec![false; lines.len()];
        let mut at = 0;
        for _ in 0..lines.len() {
            assert!(!std::mem::replace(&mut seen[at], true));
            at = walk(&lines, at, 1);
        }
        assert_eq!(at, 0);
    }
}
