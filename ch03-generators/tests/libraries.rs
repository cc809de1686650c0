//! What the libraries page says of other crates, and what every generator owes
//! its caller whichever crate it is of.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ch03_generators::coroutine::{Coroutine, Movable, Raised, Resumable, Step};
use ch03_generators::countdown::Countdown;
use ch03_generators::generator::{Gen, Slot};
use corosensei::{CoroutineResult, Yielder};
use diapause::{Coroutine as _, CoroutineState};
use futures_core::Stream;
use genawaiter::GeneratorState;

/// Counts the steps of a body, and says when its locals are dropped.
#[derive(Clone, Default)]
struct Watch {
    steps: Rc<Cell<u32>>,
    drops: Rc<Cell<u32>>,
}

struct Guard(Rc<Cell<u32>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

impl Watch {
    fn guard(&self) -> Guard {
        Guard(self.drops.clone())
    }

    fn step(&self) -> u32 {
        self.steps.set(self.steps.get() + 1);
        self.steps.get()
    }
}

#[diapause::coroutine(yield = u32)]
fn endless(watch: Watch, guard: Guard) {
    loop {
        yield_!(watch.step());
        let _: &Guard = &guard;
    }
}

/// Generators of 1, 2, 3, … without an end, of each crate.
fn every_library(watch: &Watch) -> Vec<(&str, Box<dyn Iterator<Item = u32>>)> {
    let slot: &'static Slot<u32> = Box::leak(Box::new(Slot::new()));
    let of = || (watch.clone(), watch.guard());
    let (watch, guard) = of();
    let gen_ = Gen::new(
        slot,
        Box::pin(async move {
            let _guard = guard;
            loop {
                slot.yield_(watch.step()).await;
            }
        }),
    );
    let (watch, guard) = of();
    let mut coroutine = Coroutine::<u32>::new(|co| async move {
        let _guard = guard;
        loop {
            co.yield_(watch.step()).await?;
        }
    });
    let coroutine = std::iter::from_fn(move || coroutine.next().yielded().ok());
    let (watch, guard) = of();
    let mut made = endless(watch, guard);
    let mut state = None;
    let diapause = std::iter::from_fn(move || {
        state = Some(match state {
            None => made.start(),
            Some(_) => made.resume(()),
        });
        match state {
            Some(CoroutineState::Yielded(n)) => Some(n),
            _ => None,
        }
    });
    let (watch, guard) = of();
    let genawaiter = genawaiter::rc::Gen::new(|co| async move {
        let _guard = guard;
        loop {
            co.yield_(watch.step()).await;
        }
    });
    let (watch, guard) = of();
    let mut stream = Box::pin(async_stream::stream! {
        let _guard = guard;
        loop {
            yield watch.step();
        }
    });
    let async_stream = std::iter::from_fn(move || {
        let mut cx = Context::from_waker(Waker::noop());
        match stream.as_mut().poll_next(&mut cx) {
            Poll::Ready(item) => item,
            Poll::Pending => None,
        }
    });
    let (watch, guard) = of();
    let mut stack =
        corosensei::Coroutine::new(move |yielder: &Yielder<(), u32>, ()| {
            let _guard = guard;
            loop {
                yielder.suspend(watch.step());
            }
        });
    let corosensei = std::iter::from_fn(move || stack.resume(()).as_yield());
    vec![
        ("gen", Box::new(gen_)),
        ("coroutine", Box::new(coroutine)),
        ("diapause", Box::new(diapause)),
        ("genawaiter", Box::new(genawaiter.into_iter())),
        ("async-stream", Box::new(async_stream)),
        ("corosensei", Box::new(corosensei)),
    ]
}

#[test]
fn five_items_are_five_steps_and_a_drop_drops_the_locals_once() {
    for index in 0..6 {
        let watch = Watch::default();
        let mut all = every_library(&watch);
        let (name, mut items) = all.swap_remove(index);
        drop(all);
        let dropped = watch.drops.get();
        assert_eq!(watch.steps.get(), 0, "{name} began early");
        assert_eq!(items.by_ref().take(5).sum::<u32>(), 15, "{name}");
        assert_eq!(watch.steps.get(), 5, "{name} ran ahead");
        drop(items);
        assert_eq!(watch.drops.get(), dropped + 1, "{name}");
    }
}

/// Whether one more resume after the end panics.
fn panics<T>(resume: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(resume)).is_err()
}

#[test]
fn the_end_stays_the_end_where_the_page_says_so() {
    let slot = Slot::new();
    let mut ours = Gen::new(&slot, Box::pin(async {}));
    let mut whole = Coroutine::<u32>::new(async |_| Ok(()));
    let mut stream = pin!(async_stream::stream! { yield 1_u32; });
    let mut cx = Context::from_waker(Waker::noop());
    assert!(stream.as_mut().poll_next(&mut cx).is_ready());
    let _end = whole.next();
    for _ in 0..10 {
        assert_eq!(ours.next(), None::<u32>);
        assert!(matches!(whole.next(), Step::Raised(_)));
        assert_eq!(stream.as_mut().poll_next(&mut cx), Poll::Ready(None));
    }

    let mut rc =
        genawaiter::rc::Gen::new(|_: genawaiter::rc::Co<u32>| async {});
    assert_eq!(rc.resume(), GeneratorState::Complete(()));
    assert!(panics(|| rc.resume()));
    let mut stack = corosensei::Coroutine::new(|_: &Yielder<(), u32>, ()| ());
    assert!(matches!(stack.resume(()), CoroutineResult::Return(())));
    assert!(panics(AssertUnwindSafe(|| stack.resume(()).as_return())));
    let mut made = empty();
    assert!(matches!(made.start(), CoroutineState::Complete(())));
    assert!(panics(|| matches!(
        made.resume(()),
        CoroutineState::Complete(())
    )));
}

#[diapause::coroutine(yield = u32)]
fn empty() {
    if false {
        yield_!(1);
    }
}

#[diapause::coroutine(yield = u32, resume = u32)]
fn doubled() -> &'static str {
    let sent: u32 = yield_!(0);
    let _again: u32 = yield_!(2 * sent);
    "the end"
}

/// The columns "send" and "return value" of the page's table.
#[test]
fn the_table_of_features_holds_for_each_library() {
    let mut ours = Coroutine::<u32, u32, &str>::new(async |co| {
        let sent = co.yield_(0).await?.unwrap_or_default();
        co.yield_(2 * sent).await?;
        Ok("the end")
    });
    let _first = ours.next();
    assert_eq!(ours.send(21).yielded().unwrap(), 42);
    assert!(matches!(ours.send(0), Step::Returned("the end")));

    let mut made = doubled();
    assert!(matches!(made.start(), CoroutineState::Yielded(0)));
    assert!(matches!(made.resume(21), CoroutineState::Yielded(42)));
    assert!(matches!(
        made.resume(0),
        CoroutineState::Complete("the end")
    ));

    let mut rc = genawaiter::rc::Gen::new(|co| async move {
        let sent: u32 = co.yield_(0).await;
        co.yield_(2 * sent).await;
        "the end"
    });
    rc.resume_with(0);
    assert_eq!(rc.resume_with(21), GeneratorState::Yielded(42));
    assert_eq!(rc.resume_with(0), GeneratorState::Complete("the end"));

    let mut stack =
        corosensei::Coroutine::new(|yielder: &Yielder<u32, u32>, _: u32| {
            let sent = yielder.suspend(0);
            yielder.suspend(2 * sent);
            "the end"
        });
    stack.resume(0);
    assert_eq!(stack.resume(21).as_yield(), Some(42));
    assert_eq!(stack.resume(0).as_return(), Some("the end"));
}

/// corosensei's cell: a drop unwinds the stack by force.
#[test]
fn a_dropped_stack_is_unwound() {
    let watch = Watch::default();
    let guard = watch.guard();
    let mut stack =
        corosensei::Coroutine::new(move |yielder: &Yielder<(), u32>, ()| {
            let _guard = guard;
            yielder.suspend(1);
        });
    stack.resume(());
    assert!(!stack.done());
    drop(stack);
    assert_eq!(watch.drops.get(), 1);
}

/// Ours move if they may; `Coroutine` must not, which its own page shows.
#[test]
fn a_movable_coroutine_is_send() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let mut movable = send(Movable::<u32>::new(async |co| {
        co.yield_(1).await?;
        Ok::<_, Raised>(())
    }));
    assert_eq!(movable.next().yielded().unwrap(), 1);
}

#[test]
fn a_size_hint_is_never_wrong() {
    async fn body(slot: &Slot<u32>, n: u32) {
        for item in 0..n {
            slot.yield_(item).await;
        }
    }
    for n in (0..100).map(|i| i * 7919 % 50) {
        let slot = Slot::new();
        let body: Pin<Box<_>> = Box::pin(body(&slot, n));
        let mut whole =
            Coroutine::<u32>::new(async move |co| co.yield_all(0..n).await);
        let hints = [
            (Gen::new(&slot, body).size_hint(), n),
            (Countdown::new(n).size_hint(), n),
            (whole.items().size_hint(), n),
        ];
        for ((low, high), n) in hints {
            assert!(low <= n as usize && high.is_none_or(|h| n as usize <= h));
        }
    }
}
