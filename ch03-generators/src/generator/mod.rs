//! An async block is a function that waits in the middle.
//!
//! New: the compiler turns it into a state machine. Here an
//! iterator polls it, and not an executor; it waits until it is polled again.
//!
//! cargo run -p ch03-generators -- generator

use std::cell::Cell;
use std::ops::DerefMut;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Where a body leaves an item for its caller.
pub struct Slot<Y>(Cell<Option<Y>>);

impl<Y> Slot<Y> {
    /// Makes a slot, for one body and its [`Gen`].
    pub fn new() -> Self {
        Slot(Cell::new(None))
    }

    /// Leaves `item` for the caller; awaited, waits until it has been taken.
    #[inline]
    pub fn yield_(&self, item: Y) -> Yield<'_, Y> {
        self.0.set(Some(item));
        Yield(self)
    }
}

/// Is pending while the item is there: with it, a body stops in the middle.
#[must_use = "a body stops where this is awaited"]
pub struct Yield<'s, Y>(&'s Slot<Y>);

impl<Y> Future for Yield<'_, Y> {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context) -> Poll<()> {
        // No waker is called: the caller polls again by itself.
        let item = self.0.0.take();
        let taken = item.is_none();
        self.0.0.set(item);
        if taken {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl<Y> Default for Slot<Y> {
    fn default() -> Self {
        Slot::new()
    }
}

/// Iterates over what a body yields into a slot.
///
/// The body stays where its owner pinned it, on the stack (`pin!`) or on the
/// heap (`Box::pin`). Nothing of it runs before the first `next`.
pub struct Gen<'s, Y, P> {
    slot: &'s Slot<Y>,
    body: Option<Pin<P>>,
}

impl<'s, Y, P> Gen<'s, Y, P>
where
    P: DerefMut<Target: Future<Output = ()>>,
{
    /// Makes an iterator of a body that yields into `slot`.
    pub fn new(slot: &'s Slot<Y>, body: Pin<P>) -> Self {
        Gen {
            slot,
            body: Some(body),
        }
    }
}

impl<Y, P> Iterator for Gen<'_, Y, P>
where
    P: DerefMut<Target: Future<Output = ()>>,
{
    type Item = Y;

    /// Runs the body to its next yield.
    ///
    /// # Panics
    ///
    /// If the body awaits anything else: no executor is there to wait for it.
    #[inline]
    fn next(&mut self) -> Option<Y> {
        // A finished body must not be polled again.
        let body = self.body.as_mut()?;
        match body.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => {
                let item = self.slot.0.take();
                // A body that sleeps without an item would never wake up.
                Some(item.expect("a generator awaits its own yields only"))
            }
            Poll::Ready(()) => {
                self.body = None;
                None
            }
        }
    }
}

/// Counts down to one, saying when it begins and when it ends.
pub async fn countdown(slot: &Slot<u32>, from: u32) {
    println!("  counting down from {from}");
    for n in (1..=from).rev() {
        slot.yield_(n).await;
    }
    println!("  done counting down");
}

/// Yields 0, 1, 1, 2, 3, 5, … without an end.
pub async fn fibonacci(slot: &Slot<u64>) {
    let (mut a, mut b) = (0, 1);
    loop {
        slot.yield_(a).await;
        (a, b) = (b, a + b);
    }
}

/// The same without a generator: the two locals are fields.
pub struct FibonacciByHand {
    a: u64,
    b: u64,
}

impl Iterator for FibonacciByHand {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let item = self.a;
        (self.a, self.b) = (self.b, self.a + self.b);
        Some(item)
    }
}

/// What the compiler makes of [`countdown`], written by hand.
pub enum CountdownByHand {
    /// Nothing has run yet.
    Created(u32),
    /// Waits at the yield, having yielded this.
    Suspended(u32),
    /// Ran to its end.
    Finished,
}

impl Iterator for CountdownByHand {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let item = match *self {
            CountdownByHand::Created(from) => from,
            CountdownByHand::Suspended(n) => n - 1,
            CountdownByHand::Finished => 0,
        };
        *self = match item {
            0 => CountdownByHand::Finished,
            n => CountdownByHand::Suspended(n),
        };
        (item > 0).then_some(item)
    }
}

/// Shows when the body runs, and when its caller.
pub fn demo() {
    let slot = Slot::new();
    let body = pin!(countdown(&slot, 2));
    let mut numbers = Gen::new(&slot, body);
    println!("called: nothing has run");
    println!("next: {:?}", numbers.next());
    println!("next: {:?}", numbers.next());
    println!("next: {:?}", numbers.next());
    println!("next: {:?}", numbers.next());

    let slot = Slot::new();
    let first: Vec<u64> = Gen::new(&slot, Box::pin(fibonacci(&slot)))
        .take(15)
        .collect();
    println!("{first:?}");

    let slot = Slot::new();
    let ours = Gen::new(&slot, Box::pin(fibonacci(&slot)));
    let both = ours.zip(FibonacciByHand { a: 0, b: 1 });
    let same: Vec<u64> = both
        .map_while(|(ours, by_hand)| (ours == by_hand).then_some(ours))
        .take_while(|n| *n < 100_000_000_000)
        .collect();
    println!("{} equal by hand, the last {:?}", same.len(), same.last());

    let slot = Slot::new();
    println!("{} bytes by hand", size_of::<CountdownByHand>());
    println!(
        "{} bytes by the compiler",
        size_of_val(&countdown(&slot, 2))
    );
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::rc::Rc;

    use super::*;

    #[test]
    fn an_infinite_body_runs_as_far_as_it_is_asked() {
        let (slot, steps) = (Slot::new(), Cell::new(0));
        let body = async {
            loop {
                steps.set(steps.get() + 1);
                slot.yield_(steps.get()).await;
            }
        };
        assert_eq!(Gen::new(&slot, pin!(body)).take(5).sum::<i32>(), 15);
        assert_eq!(steps.get(), 5);
    }

    #[test]
    fn the_end_is_reached_once_and_stays() {
        let slot = Slot::new();
        let body = pin!(countdown(&slot, 2));
        let mut numbers = Gen::new(&slot, body);
        assert_eq!(numbers.by_ref().collect::<Vec<_>>(), [2, 1]);
        for _ in 0..10 {
            assert_eq!(numbers.next(), None);
        }
    }

    #[test]
    fn a_dropped_body_drops_its_locals_once() {
        let (slot, guard) = (Slot::new(), Rc::new(()));
        let held = guard.clone();
        let mut body = Gen::new(
            &slot,
            Box::pin(async {
                let _held = held;
                slot.yield_(1).await;
                slot.yield_(2).await;
            }),
        );
        body.next();
        assert_eq!(Rc::strong_count(&guard), 2);
        drop(body);
        assert_eq!(Rc::strong_count(&guard), 1);
    }

    #[test]
    fn a_panic_in_the_body_reaches_the_caller() {
        let slot = Slot::new();
        let body = pin!(async {
            slot.yield_(1).await;
            panic!("in the body");
        });
        let mut body = Gen::new(&slot, body);
        assert_eq!(body.next(), Some(1));
        let caught = catch_unwind(AssertUnwindSafe(|| body.next()));
        assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"in the body"));
        // Not a hang and not an item: the compiler's own panic.
        assert!(catch_unwind(AssertUnwindSafe(|| body.next())).is_err());
    }

    #[test]
    fn the_machine_by_hand_is_the_compilers() {
        let slot = Slot::new();
        let body = pin!(countdown(&slot, 5));
        let compiled = Gen::new(&slot, body);
        assert!(compiled.eq(CountdownByHand::Created(5)));
    }
}
