//! Delegation: what reaches the inner one, of each kind that can be delegated to.
//!
//! The same assertions hold for a frame (`delegate`), for a coroutine object
//! (`yield_from`), and, where they can, for a plain iterator (`yield_all`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::rc::Rc;

use ch03_generators::coroutine::*;

type Trace = Rc<RefCell<Vec<String>>>;
type Numbers = Coroutine<'static, i32, i32, i32>;

/// Yields 0, then what it is sent; catches errors by yielding -1; returns 7
/// when nothing is sent, and 8 when it is closed.
async fn inner(co: Co<'_, i32, i32>, trace: Trace) -> Result<i32, Raised> {
    let say = |what: &str| trace.borrow_mut().push(what.to_string());
    let mut item = 0;
    loop {
        item = match co.yield_(item).await {
            Ok(Some(sent)) => {
                say(&format!("inner sent {sent}"));
                sent
            }
            Ok(None) => return Ok(7),
            Err(Raised::Exit) => {
                say("inner closed");
                return Ok(8);
            }
            Err(error) if error.to_string() == "end" => return Ok(9),
            Err(error) => {
                say(&format!("inner threw {error}"));
                -1
            }
        };
    }
}

fn outer(frames: bool) -> (Numbers, Trace) {
    let trace = Trace::default();
    let seen = trace.clone();
    let coroutine = Coroutine::new(move |co: Co<i32, i32>| async move {
        let result = if frames {
            co.delegate(|co| inner(co, trace.clone())).await
        } else {
            let inner = Coroutine::new(|co| inner(co, trace.clone()));
            co.yield_from(inner).await
        };
        let said = match &result {
            Ok(value) => format!("outer got {value}"),
            Err(raised) => format!("outer raised {raised}"),
        };
        trace.borrow_mut().push(said);
        co.yield_(result? * 10).await?;
        Ok(1)
    });
    (coroutine.primed().unwrap(), seen)
}

fn in_both_ways(check: fn(Numbers, Trace)) {
    for frames in [true, false] {
        let (coroutine, trace) = outer(frames);
        check(coroutine, trace);
    }
}

#[test]
fn next_reaches_the_inner_and_its_value_the_outer() {
    in_both_ways(|mut outer, trace| {
        assert_eq!(outer.next().yielded().unwrap(), 70);
        assert_eq!(*trace.borrow(), ["outer got 7"]);
        assert!(matches!(outer.next(), Step::Returned(1)));
    });
}

#[test]
fn send_reaches_the_inner() {
    in_both_ways(|mut outer, trace| {
        assert_eq!(outer.send(5).yielded().unwrap(), 5);
        assert_eq!(*trace.borrow(), ["inner sent 5"]);
    });
}

#[test]
fn throw_reaches_the_inner_and_what_it_yields_comes_back() {
    in_both_ways(|mut outer, trace| {
        let thrown = Raised::message("oops");
        assert_eq!(outer.throw(thrown).yielded().unwrap(), -1);
        assert_eq!(*trace.borrow(), ["inner threw oops"]);
    });
}

#[test]
fn throw_that_ends_the_inner_makes_its_value_the_result() {
    in_both_ways(|mut outer, trace| {
        let thrown = Raised::message("end");
        assert_eq!(outer.throw(thrown).yielded().unwrap(), 90);
        assert_eq!(*trace.borrow(), ["outer got 9"]);
    });
}

#[test]
fn close_closes_the_inner_then_the_outer() {
    in_both_ways(|mut outer, trace| {
        assert_eq!(outer.close().unwrap(), None);
        assert_eq!(*trace.borrow(), ["inner closed", "outer raised exit"]);
    });
}

#[test]
fn a_thrown_exit_closes_the_inner_and_unwinds_the_outer() {
    in_both_ways(|mut outer, trace| {
        let step = outer.throw(Raised::Exit);
        assert!(matches!(step, Step::Raised(Raised::Exit)));
        assert_eq!(*trace.borrow(), ["inner closed", "outer raised exit"]);
    });
}

#[test]
fn an_already_started_inner_loses_its_first_item_and_is_sent_nothing() {
    let trace = Trace::default();
    let mut outer = Coroutine::new(|co: Co<i32, i32>| async move {
        let inner = Coroutine::new(|co| inner(co, trace));
        co.yield_from(inner.primed()?).await
    });
    // Nothing sent ends this inner one: its first item was never seen.
    assert!(matches!(outer.next(), Step::Returned(7)));
}

#[test]
fn an_inner_can_be_lent_and_gone_on_with() {
    let mut numbers =
        Coroutine::<i32>::new(|co| async move { co.yield_all(1..).await });
    let lent = &mut numbers;
    let mut outer = Coroutine::<i32>::new(|co| async move {
        let items = lent.items().take(2).map_while(Result::ok);
        co.yield_all(items).await?;
        co.yield_from(lent).await
    });
    let got: Vec<_> = outer.items().take(3).map(Result::unwrap).collect();
    assert_eq!(got, [1, 2, 3]);
    // The close went through: `yield from` closes what it delegates to.
    drop(outer);
    assert_eq!(numbers.state(), State::Finished);
}

#[test]
fn a_loop_over_the_inner_keeps_sends_to_itself() {
    let trace = Trace::default();
    let seen = trace.clone();
    let outer = Coroutine::new(|co: Co<i32, i32>| async move {
        let mut inner = Coroutine::new(|co| inner(co, trace));
        for item in inner.items() {
            co.yield_(item?).await?;
        }
        Ok(1)
    });
    // The inner one is resumed with nothing, and ends.
    assert!(matches!(outer.primed().unwrap().send(5), Step::Returned(1)));
    assert!(seen.borrow().is_empty());
}

/// Delegates to a plain iterator, and yields what that evaluated to.
fn over_plain() -> Coroutine<'static, String, String> {
    let coroutine = Coroutine::new(|co: Co<String, String>| async move {
        let items = [1, 2].map(|n| n.to_string());
        let said = match co.yield_all(items).await {
            Ok(()) => "no value".to_string(),
            Err(Raised::Exit) => return Err(Raised::Exit),
            Err(raised) => raised.to_string(),
        };
        co.yield_(said).await?;
        Ok(())
    });
    coroutine.primed().unwrap()
}

#[test]
fn a_plain_iterator_takes_next_and_has_no_value() {
    let mut outer = over_plain();
    assert_eq!(outer.next().yielded().unwrap(), "2");
    assert_eq!(outer.next().yielded().unwrap(), "no value");
}

#[test]
fn a_send_to_a_plain_iterator_is_an_error_in_the_outer() {
    let said = over_plain().send("5".to_string()).yielded().unwrap();
    assert_eq!(said, "cannot send to a plain iterator");
}

#[test]
fn a_throw_over_a_plain_iterator_is_raised_in_the_outer() {
    let said = over_plain().throw(Raised::message("oops"));
    assert_eq!(said.yielded().unwrap(), "oops");
}

#[test]
fn a_close_over_a_plain_iterator_unwinds_the_outer() {
    assert!(over_plain().close().unwrap().is_none());
}

#[test]
fn two_at_once_is_an_error_for_the_second() {
    use std::future::Future;
    use std::pin::pin;
    use std::task::Poll;

    let mut coroutine = Coroutine::<i32>::new(|co| async move {
        let mut first = pin!(co.delegate(|co| async move {
            co.yield_(1).await?;
            Ok(())
        }));
        let mut refused = None;
        // What `join!` does: poll both, until both are ready.
        std::future::poll_fn(|cx| {
            if refused.is_none() {
                let _ = first.as_mut().poll(cx);
                let second = pin!(co.yield_(2));
                let Poll::Ready(Err(raised)) = second.poll(cx) else {
                    unreachable!("the first one was there before it");
                };
                refused = raised.misuse();
                return Poll::Pending;
            }
            first.as_mut().poll(cx)
        })
        .await?;
        assert_eq!(refused, Some(Misuse::TwoAtOnce));
        Ok(())
    });
    assert_eq!(coroutine.next().yielded().unwrap(), 1);
    assert!(matches!(coroutine.next(), Step::Returned(())));
}

#[test]
fn awaiting_something_else_is_an_error_and_no_hang() {
    let mut coroutine = Coroutine::<i32>::new(|_| std::future::pending());
    let raised = coroutine.next().yielded().unwrap_err();
    assert_eq!(raised.misuse(), Some(Misuse::ForeignAwait));
    assert_eq!(coroutine.state(), State::Finished);
}

/// Yields nothing until it stands `depth` deep, then once.
async fn dive(co: Co<'_, u32>, depth: u32) -> Result<(), Raised> {
    if depth > 0 {
        return co.delegate(|co| dive(co, depth - 1)).await;
    }
    for n in 0.. {
        co.yield_(n).await?;
    }
    Ok(())
}

#[test]
fn a_million_levels_work_and_drop_on_a_small_stack() {
    let deep = || {
        let mut coroutine = Coroutine::new(|co| dive(co, 1_000_000));
        assert_eq!(coroutine.next().yielded().unwrap(), 0);
        assert_eq!(coroutine.depth(), 1_000_001);
        assert_eq!(coroutine.next().yielded().unwrap(), 1);
        assert!(coroutine.close().unwrap().is_none());

        let mut dropped = Coroutine::new(|co| dive(co, 1_000_000));
        assert_eq!(dropped.next().yielded().unwrap(), 0);
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(deep).unwrap().join().unwrap();
}

#[test]
fn locals_are_dropped_innermost_first() {
    struct Named(u32, Trace);
    impl Drop for Named {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0.to_string());
        }
    }
    async fn nested(
        co: Co<'_, u32>,
        level: u32,
        trace: Trace,
    ) -> Result<(), Raised> {
        let _local = Named(level, trace.clone());
        if level < 3 {
            co.delegate(|co| nested(co, level + 1, trace)).await?;
        }
        co.yield_(level).await?;
        Ok(())
    }

    let trace = Trace::default();
    let mut coroutine = Coroutine::new(|co| nested(co, 1, trace.clone()));
    let _ = coroutine.next();
    drop(coroutine);
    assert_eq!(*trace.borrow(), ["3", "2", "1"]);
}

/// Says when it is dropped.
struct Said(&'static str, Trace);

impl Drop for Said {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0.to_string());
    }
}

/// Delegates to the next of `bodies`; what stands last in the list is innermost.
///
/// `p` is polite, `y` yields when it is sent the exit, `s` yields whatever
/// happens, `d` delegates to a polite one when it is sent the exit, `c` catches
/// the error of one that did not exit.
async fn nested(
    co: Co<'_, u32>,
    bodies: &'static str,
    frames: bool,
    trace: Trace,
) -> Result<(), Raised> {
    let (kind, inner) = bodies.split_at(1);
    let _dropped = Said(kind, trace.clone());
    loop {
        let told = match inner {
            "" => co.yield_(0).await.map(|_| ()),
            _ if frames => {
                let trace = trace.clone();
                co.delegate(|co| nested(co, inner, frames, trace)).await
            }
            _ => {
                let trace = trace.clone();
                let inner =
                    Coroutine::new(|co| nested(co, inner, frames, trace));
                co.yield_from(inner).await
            }
        };
        match (kind, told) {
            ("s", _) => {}
            ("y", Err(Raised::Exit)) => {
                co.yield_(1).await?;
            }
            ("d", Err(Raised::Exit)) => {
                let trace = trace.clone();
                co.delegate(|co| nested(co, "p", frames, trace)).await?;
            }
            ("c", Err(raised)) if raised.misuse().is_some() => {
                trace.borrow_mut().push("caught ".to_string());
                return Ok(());
            }
            (_, told) => return told,
        }
    }
}

/// Closes a nest, and returns the misuse, if any, and the drops in their order.
fn closed(bodies: &'static str, frames: bool) -> (Option<Misuse>, String) {
    let trace = Trace::default();
    let seen = trace.clone();
    let nest = Coroutine::new(|co| nested(co, bodies, frames, trace));
    let closed = nest.primed().unwrap().close();
    let misuse = closed.err().map(|raised| raised.misuse().unwrap());
    let order = seen.borrow().concat();
    (misuse, order)
}

#[test]
fn every_level_must_end_when_it_is_closed() {
    for frames in [true, false] {
        assert_eq!(closed("ppp", frames), (None, "ppp".to_string()));
        // Whichever level yields, and whichever delegates to one that does.
        for bodies in ["ppy", "pyp", "ypp", "pyy", "pps", "pdp", "ppd"] {
            let (misuse, order) = closed(bodies, frames);
            let ignored = Some(Misuse::IgnoredExit);
            assert_eq!(misuse, ignored, "{bodies}, frames: {frames}");
            let from_inside: String = bodies.chars().rev().collect();
            // The helper that `d` delegates to goes before it.
            let from_inside = from_inside.replace('d', "pd");
            assert_eq!(order, from_inside, "{bodies}, frames: {frames}");
        }
    }
}

#[test]
fn an_ignored_exit_is_raised_in_the_one_outside_of_it() {
    for frames in [true, false] {
        for (bodies, order) in [
            ("cy", "ycaught c"),
            ("cs", "scaught c"),
            ("cyp", "pycaught c"),
            // The stubborn one starts a second inner one, which goes with it.
            ("csp", "ppscaught c"),
            ("cpy", "ypcaught c"),
            ("pcs", "scaught cp"),
        ] {
            let expected = (None, order.to_string());
            assert_eq!(closed(bodies, frames), expected, "{bodies}, {frames}");
        }
    }
}

#[test]
fn a_body_that_catches_an_ignored_exit_may_go_on() {
    for frames in [true, false] {
        let mut outer = Coroutine::new(|co: Co<'static, u32>| async move {
            let trace = Trace::default();
            let told = if frames {
                co.delegate(|co| nested(co, "y", true, trace)).await
            } else {
                let inner = Coroutine::new(|co| nested(co, "y", false, trace));
                co.yield_from(inner).await
            };
            assert!(matches!(
                told.except::<Misuse>()?,
                Err(Misuse::IgnoredExit)
            ));
            co.yield_(5).await?;
            Ok(())
        });
        assert_eq!(outer.next().yielded().unwrap(), 0);
        assert!(matches!(outer.throw(Raised::Exit), Step::Yielded(5)));
        assert!(matches!(outer.next(), Step::Returned(())));
    }
}

/// Delegates to one that ignores its exit, and yields when it hears of that;
/// in the middle of three, it is being closed itself.
fn middle_yields(frames: bool, trace: Trace) -> Coroutine<'static, u32> {
    async fn middle(
        co: Co<'static, u32>,
        frames: bool,
        trace: Trace,
    ) -> Result<(), Raised> {
        let told = if frames {
            co.delegate(|co| nested(co, "y", true, trace)).await
        } else {
            let inner = Coroutine::new(|co| nested(co, "y", false, trace));
            co.yield_from(inner).await
        };
        if told.is_err() {
            co.yield_(3).await?;
        }
        Ok(())
    }
    Coroutine::new(move |co: Co<'static, u32>| async move {
        let there = trace.clone();
        let told = if frames {
            co.delegate(|co| middle(co, true, there)).await
        } else {
            let inner = Coroutine::new(|co| middle(co, false, there));
            co.yield_from(inner).await
        };
        let raised = told.unwrap_err();
        trace.borrow_mut().push(format!(", outer: {raised}"));
        Err(raised)
    })
}

#[test]
fn a_body_that_is_being_closed_may_not_yield() {
    for frames in [true, false] {
        let trace = Trace::default();
        let mut thrown = middle_yields(frames, trace.clone());
        assert_eq!(thrown.next(), Step::Yielded(0));
        let ignored = Step::Raised(Misuse::IgnoredExit.into());
        assert_eq!(thrown.throw(Raised::Exit), ignored, "{frames}");
        let said = "y, outer: coroutine ignored its exit";
        assert_eq!(trace.take().concat(), said, "{frames}");

        let mut closed = middle_yields(frames, trace.clone());
        assert_eq!(closed.next(), Step::Yielded(0));
        assert_eq!(closed.close(), Err(Misuse::IgnoredExit.into()));
        assert_eq!(trace.take().concat(), said, "{frames}");

        let mut dropped = middle_yields(frames, trace.clone());
        assert_eq!(dropped.next(), Step::Yielded(0));
        drop(dropped);
        assert_eq!(trace.take().concat(), said, "{frames}");
    }
}

#[test]
fn an_error_in_place_of_an_exit_does_not_let_the_parent_yield() {
    for frames in [true, false] {
        let fails = |co: Co<'static, u32>| async move {
            let Err(Raised::Exit) = co.yield_(0).await else {
                unreachable!("it is only closed")
            };
            Err::<(), _>(Raised::message("no"))
        };
        let middle = move |co: Co<'static, u32>| async move {
            let told = if frames {
                co.delegate(fails).await
            } else {
                co.yield_from(Coroutine::new(fails)).await
            };
            assert_eq!(told.unwrap_err().to_string(), "no");
            co.yield_(3).await.map(|_| ())
        };
        let mut outer = Coroutine::new(|co: Co<'static, u32>| async move {
            if frames {
                co.delegate(middle).await
            } else {
                co.yield_from(Coroutine::new(middle)).await
            }
        });
        assert_eq!(outer.next(), Step::Yielded(0));
        let ignored = Step::Raised(Misuse::IgnoredExit.into());
        assert_eq!(outer.throw(Raised::Exit), ignored, "{frames}");
    }
}

/// Puts a filter around a filter, `levels` times.
fn chain(levels: u32) -> Coroutine<'static, u32> {
    let source: Coroutine<u32> =
        Coroutine::new(|co| async move { co.yield_all(1..).await });
    (0..levels).fold(source, |mut inner, _| {
        Coroutine::new(|co| async move {
            for item in inner.items() {
                co.yield_(item?).await?;
            }
            Ok(())
        })
    })
}

#[test]
fn a_chain_of_filters_may_be_dropped_however_long_it_is() {
    drop(chain(100_000));
    // Moved into a coroutine that has begun, and is closed.
    let mut outer = Coroutine::<u32>::new(|co| async move {
        let inner = chain(50_000);
        co.yield_(1).await?;
        drop(inner);
        Ok(())
    });
    assert_eq!(outer.next(), Step::Yielded(1));
    drop(outer);

    let last: Movable<u32> =
        Movable::new(|co| async move { co.yield_(1).await.map(|_| ()) });
    drop((0..20_000).fold(last, |inner, _| {
        Movable::new(
            |co: MovableCo<u32>| async move { co.yield_from(inner).await },
        )
    }));
}

#[test]
fn a_chain_that_is_too_long_to_run_is_too_deep() {
    fn too_deep(mut chain: Coroutine<u32>) {
        let raised = chain.next().yielded().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::TooDeep));
    }
    let mut short = chain(20);
    assert_eq!(short.next(), Step::Yielded(1));
    drop(short);
    too_deep(chain(50_000));
    let source: Coroutine<u32> = chain(0);
    too_deep((0..50_000).fold(source, |inner, _| {
        Coroutine::new(|co: Co<u32>| async move { co.yield_from(inner).await })
    }));

    // One that has begun may be closed, and dropped, at any depth that it had.
    for levels in (100..2_000).step_by(100) {
        let mut begun = chain(levels);
        if begun.next() == Step::Yielded(1) {
            assert_eq!(begun.close(), Ok(None), "{levels}");
        }
        let mut begun = chain(levels);
        let _ = begun.next();
        drop(begun);
    }
}

#[test]
fn one_that_has_ended_has_no_items_and_no_second_value() {
    let mut numbers =
        Coroutine::generator(|co| async move { co.yield_all(1..3).await });
    assert_eq!(numbers.items().count(), 2);
    let again: Result<Vec<i32>, Raised> = numbers.items().collect();
    assert_eq!(again, Ok(vec![]));
    let mut outer = Coroutine::<i32>::new(|co| async move {
        let ended = co.yield_from(&mut numbers).await.unwrap_err();
        assert_eq!(ended.misuse(), Some(Misuse::Finished));
        // As `for` has it, and `yield from` of an iterator.
        co.yield_all(numbers.items().map_while(Result::ok)).await
    });
    assert_eq!(outer.next(), Step::Returned(()));
    assert_eq!(outer.into_iter().count(), 0);
}

#[test]
fn two_iterators_over_one_source_get_its_error_once() {
    let failing = Coroutine::<i32>::new(|co| async move {
        co.yield_(1).await?;
        Err::<(), _>(std::fmt::Error.into())
    });
    let (mut one, mut other) = tee(failing);
    assert_eq!(one.next(), Some(Ok(1)));
    assert_eq!(one.next(), Some(Err(std::fmt::Error.into())));
    assert_eq!(one.next(), None);
    assert_eq!(other.next(), Some(Ok(1)));
    assert_eq!(other.next(), None);
}
