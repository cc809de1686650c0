//! What a suspended generator weighs: the process before and after half a
//! million of them.
//!
//! Not by criterion, which knows times only.
//!
//! cargo bench -p ch03-generators --bench memory

use std::fs;
use std::hint::black_box;
use std::pin::Pin;

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use ch03_generators::countdown::Countdown;
use ch03_generators::generator::{Gen, Slot};
use diapause::Coroutine as _;
use measure::is_wanted;

const MANY: usize = 500_000;

async fn body(slot: &Slot<u32>, from: u32) {
    let mut n = from;
    while n > 0 {
        slot.yield_(n).await;
        n -= 1;
    }
}

async fn full(co: Co<'_, u32>, from: u32) -> Result<(), Raised> {
    let mut n = from;
    while n > 0 {
        co.yield_(n).await?;
        n -= 1;
    }
    Ok(())
}

async fn deep(co: Co<'_, u32>, depth: u32) -> Result<(), Raised> {
    match depth {
        0 => full(co, 3).await,
        _ => co.delegate(|co| deep(co, depth - 1)).await,
    }
}

#[diapause::coroutine(yield = u32)]
fn transformed(from: u32) {
    let mut n: u32 = from;
    while n > 0 {
        yield_!(n);
        n -= 1;
    }
}

/// Returns the bytes of memory that this process has in use.
fn resident() -> usize {
    // Linux alone has this file; elsewhere there is nothing to measure.
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|n| n.parse().ok());
    pages.unwrap_or(0) * 4096
}

/// Makes many, and returns what each weighs, and them, to be kept.
///
/// Freed memory is used again, so that nothing may be freed in between.
fn weigh<T>(units: usize, make: impl Fn() -> T) -> (f64, Vec<T>) {
    let mut all = Vec::with_capacity(units);
    let before = resident();
    all.extend((0..units).map(|_| make()));
    black_box(&all);
    let bytes = resident().saturating_sub(before);
    (bytes as f64 / units as f64, all)
}

fn main() {
    let many = if is_wanted() { MANY } else { 10 };
    let slot = Slot::new();
    let hand = weigh(many, || {
        let mut numbers = Countdown::new(3);
        numbers.next();
        numbers
    });
    let boxed = weigh(many, || {
        let body: Pin<Box<_>> = Box::pin(body(&slot, 3));
        let mut numbers = Gen::new(&slot, body);
        numbers.next();
        numbers
    });
    let coroutine = weigh(many, || {
        let mut numbers = Coroutine::new(|co| full(co, 3));
        let _first = numbers.next();
        numbers
    });
    let level = weigh(1, || {
        let mut numbers = Coroutine::new(|co| deep(co, many as u32));
        let _first = numbers.next();
        numbers
    });
    let transformed = weigh(many, || {
        let mut numbers = transformed(3);
        let _first = numbers.start();
        numbers
    });
    let genawaiter = weigh(many, || {
        let mut numbers = genawaiter::rc::Gen::new(|co| async move {
            let mut n = 3_u32;
            while n > 0 {
                co.yield_(n).await;
                n -= 1;
            }
        });
        let _first = numbers.resume();
        numbers
    });
    let stacks = many / 100;
    let corosensei = weigh(stacks, || {
        let mut numbers = corosensei::Coroutine::new(
            |yielder: &corosensei::Yielder<(), u32>, ()| {
                let mut n = 3;
                while n > 0 {
                    yielder.suspend(n);
                    n -= 1;
                }
            },
        );
        let _first = numbers.resume(());
        numbers
    });
    let mut measured = measure::bench!("bytes");
    for (key, label, bytes) in [
        ("hand", "iterator by hand", hand.0),
        ("gen", "gen, in a box", boxed.0),
        ("coroutine", "coroutine, whole protocol", coroutine.0),
        ("level", "each level of delegation", level.0 / many as f64),
        ("diapause", "diapause", transformed.0),
        ("genawaiter", "genawaiter, rc", genawaiter.0),
        ("corosensei", "corosensei, a stack of its own", corosensei.0),
    ] {
        measured.add(key, label, bytes);
    }
    measured.print(&format!(
        "a countdown suspended at its first yield: growth of the process by \
         {many} of them, the allocator's share included"
    ));
}
