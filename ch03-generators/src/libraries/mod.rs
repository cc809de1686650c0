//! Most generators at work are a closure, or no code at all.
//!
//! New: one sequence in five ways, from std's own to this chapter's, and what
//! each of them keeps between two items.
//!
//! cargo run -p ch03-generators -- libraries

use std::fmt::Debug;
use std::iter;
use std::pin::pin;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};
use crate::generator::{Gen, Slot};

/// A step of Collatz's sequence, which ends at 1 as far as anyone knows.
fn step(n: u32) -> Option<u32> {
    match n {
        1 => None,
        _ if n.is_multiple_of(2) => Some(n / 2),
        _ => n.checked_mul(3)?.checked_add(1),
    }
}

/// Names what comes after what: enough when an item follows from the last one.
pub fn by_successors(from: u32) -> impl Iterator<Item = u32> {
    iter::successors(Some(from), |n| step(*n))
}

/// Keeps what it needs in a closure: enough when there is one place to wait.
pub fn by_closure(from: u32) -> impl Iterator<Item = u32> {
    let mut next = Some(from);
    iter::from_fn(move || {
        let n = next?;
        next = step(n);
        Some(n)
    })
}

/// Waits in the middle of a loop: when there are several places to wait.
pub async fn by_body(slot: &Slot<u32>, from: u32) {
    let mut next = Some(from);
    while let Some(n) = next {
        slot.yield_(n).await;
        next = step(n);
    }
}

/// Can also be closed, thrown at and delegated to; returns how many there were.
///
/// # Errors
///
/// What was thrown.
pub async fn by_coroutine(co: Co<'_, u32>, from: u32) -> Result<usize, Raised> {
    let (mut next, mut count) = (Some(from), 0);
    while let Some(n) = next {
        co.yield_(n).await?;
        (next, count) = (step(n), count + 1);
    }
    Ok(count)
}

fn show(name: &str, bytes: usize, items: impl Iterator<Item: Debug>) {
    let items: Vec<_> = items.collect();
    println!("{name:11} {bytes} bytes  {items:?}");
}

/// Prints the sequence from each, and how large each value is.
pub fn demo() {
    let successors = by_successors(6);
    show("successors", size_of_val(&successors), successors);
    let closure = by_closure(6);
    show("from_fn", size_of_val(&closure), closure);
    let slot = Slot::new();
    let body = by_body(&slot, 6);
    let bytes = size_of_val(&body);
    show("gen", bytes, Gen::new(&slot, pin!(body)));
    let mut coroutine = Coroutine::new(|co| by_coroutine(co, 6));
    let bytes = size_of_val(&coroutine);
    show("coroutine", bytes, coroutine.items().map_while(Result::ok));
    // A thread computes ahead of its reader; none of the above does.
    let (tx, rx) = std::sync::mpsc::sync_channel(0);
    let thread = std::thread::spawn(move || {
        // Fails when the receiver is gone.
        by_closure(6).try_for_each(|n| tx.send(n)).ok();
    });
    show("thread", size_of_val(&rx), rx.into_iter());
    thread.join().expect("it sends and nothing else");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_styles_count_the_same() {
        for from in 1..200 {
            let expected: Vec<u32> = by_successors(from).collect();
            assert_eq!(expected.last(), Some(&1));
            assert!(by_closure(from).eq(expected.iter().copied()));
            let slot = Slot::new();
            let body = pin!(by_body(&slot, from));
            assert!(Gen::new(&slot, body).eq(expected.iter().copied()));
            let mut coroutine = Coroutine::new(|co| by_coroutine(co, from));
            let items: Vec<u32> =
                coroutine.items().map(Result::unwrap).collect();
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn too_large_a_number_ends_it_and_does_not_panic() {
        assert_eq!(by_successors(u32::MAX).count(), 1);
    }
}
