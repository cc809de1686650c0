//! Every state of a coroutine, times every operation: what Python does.
//!
//! One test a cell. `finally` is a guard that says when it is dropped.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::rc::Rc;

use ch03_generators::coroutine::*;

type Trace = Rc<RefCell<Vec<&'static str>>>;

struct Finally(Trace);

impl Drop for Finally {
    fn drop(&mut self) {
        self.0.borrow_mut().push("finally");
    }
}

#[derive(Debug, PartialEq)]
struct Oops;
impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("oops")
    }
}
impl std::error::Error for Oops {}

/// Yields 0, then whatever it is sent plus one, and 100 for what it catches;
/// returns 42 when nothing is sent.
async fn body(co: Co<'_, i32, i32>, trace: Trace) -> Result<i32, Raised> {
    let _finally = Finally(trace.clone());
    trace.borrow_mut().push("begin");
    let mut item = 0;
    loop {
        item = match co.yield_(item).await.except::<Oops>()? {
            Ok(Some(sent)) => sent + 1,
            Ok(None) => return Ok(42),
            Err(Oops) => 100,
        };
    }
}

fn fresh() -> (Coroutine<'static, i32, i32, i32>, Trace) {
    let trace = Trace::default();
    let (here, there) = (trace.clone(), trace);
    (Coroutine::new(move |co| body(co, there)), here)
}

fn suspended() -> (Coroutine<'static, i32, i32, i32>, Trace) {
    let (coroutine, trace) = fresh();
    (coroutine.primed().unwrap(), trace)
}

fn finished() -> (Coroutine<'static, i32, i32, i32>, Trace) {
    let (mut coroutine, trace) = suspended();
    assert!(matches!(coroutine.next(), Step::Returned(42)));
    (coroutine, trace)
}

/// What a resume brought, as text: errors cannot be compared otherwise.
fn told(step: Step<i32, i32>) -> String {
    match step {
        Step::Yielded(item) => format!("yielded {item}"),
        Step::Returned(value) => format!("returned {value}"),
        Step::Raised(raised) => format!("raised {raised}"),
    }
}

#[test]
fn created_next_runs_to_the_first_yield() {
    let (mut coroutine, trace) = fresh();
    assert_eq!(coroutine.state(), State::Created);
    assert!(trace.borrow().is_empty());
    assert_eq!(told(coroutine.next()), "yielded 0");
    assert_eq!(coroutine.state(), State::Suspended);
}

#[test]
fn created_send_is_refused_and_the_value_comes_back() {
    let (mut coroutine, trace) = fresh();
    let refused = coroutine.try_send(7).unwrap_err();
    assert_eq!(
        refused,
        Refused {
            value: 7,
            why: Misuse::Unprimed
        }
    );
    let raised = coroutine.send(7).yielded().unwrap_err();
    assert_eq!(raised.misuse(), Some(Misuse::Unprimed));
    assert_eq!(coroutine.state(), State::Created);
    assert!(trace.borrow().is_empty());
    assert_eq!(told(coroutine.next()), "yielded 0");
}

#[test]
fn created_throw_comes_out_and_the_body_never_runs() {
    let (mut coroutine, trace) = fresh();
    assert_eq!(told(coroutine.throw(Oops)), "raised oops");
    assert_eq!(coroutine.state(), State::Finished);
    assert!(trace.borrow().is_empty());
}

#[test]
fn created_close_finishes_and_the_body_never_runs() {
    let (mut coroutine, trace) = fresh();
    assert_eq!(coroutine.close().unwrap(), None);
    assert_eq!(coroutine.state(), State::Finished);
    assert!(trace.borrow().is_empty());
}

#[test]
fn created_drop_runs_nothing() {
    let (coroutine, trace) = fresh();
    drop(coroutine);
    assert!(trace.borrow().is_empty());
}

#[test]
fn suspended_next_makes_the_yield_none() {
    let (mut coroutine, _) = suspended();
    assert_eq!(told(coroutine.next()), "returned 42");
    assert_eq!(coroutine.state(), State::Finished);
}

#[test]
fn suspended_send_makes_the_yield_the_value() {
    let (mut coroutine, _) = suspended();
    assert_eq!(told(coroutine.send(7)), "yielded 8");
    assert_eq!(coroutine.state(), State::Suspended);
    assert!(matches!(coroutine.try_send(9), Ok(Step::Yielded(10))));
}

#[test]
fn suspended_throw_that_is_handled_returns_the_next_item() {
    let (mut coroutine, trace) = suspended();
    assert_eq!(told(coroutine.throw(Oops)), "yielded 100");
    assert_eq!(coroutine.state(), State::Suspended);
    assert_eq!(*trace.borrow(), ["begin"]);
}

#[test]
fn suspended_throw_that_is_not_handled_comes_out() {
    let (mut coroutine, trace) = suspended();
    let thrown = Raised::message("unknown");
    assert_eq!(told(coroutine.throw(thrown)), "raised unknown");
    assert_eq!(coroutine.state(), State::Finished);
    assert_eq!(*trace.borrow(), ["begin", "finally"]);
}

#[test]
fn suspended_close_unwinds_the_body() {
    let (mut coroutine, trace) = suspended();
    assert_eq!(coroutine.close().unwrap(), None);
    assert_eq!(coroutine.state(), State::Finished);
    assert_eq!(*trace.borrow(), ["begin", "finally"]);
}

/// Answers its exit as `answer` says.
async fn answers(
    co: Co<'_, i32, i32>,
    answer: Result<i32, &'static str>,
) -> Result<i32, Raised> {
    match co.yield_(0).await {
        Err(Raised::Exit) => answer.map_err(Raised::message),
        _ => unreachable!("nothing but an exit was sent"),
    }
}

#[test]
fn suspended_close_returns_what_the_body_returns() {
    let coroutine = Coroutine::new(|co| answers(co, Ok(7)));
    assert_eq!(coroutine.primed().unwrap().close().unwrap(), Some(7));
}

#[test]
fn suspended_close_raises_what_the_body_raises() {
    let coroutine = Coroutine::new(|co| answers(co, Err("no")));
    let mut coroutine = coroutine.primed().unwrap();
    assert_eq!(coroutine.close().unwrap_err().to_string(), "no");
    assert_eq!(coroutine.state(), State::Finished);
}

#[test]
fn suspended_close_that_is_ignored_is_an_error_and_no_leak() {
    let trace = Trace::default();
    let dropped = trace.clone();
    let mut coroutine = Coroutine::<i32>::new(|co| async move {
        let _finally = Finally(dropped);
        while co.yield_(1).await.is_err() {}
        Ok(())
    });
    let _ = coroutine.next();
    while let Ok(1) = coroutine.throw(Oops).yielded() {
        if let Err(raised) = coroutine.close() {
            assert_eq!(raised.misuse(), Some(Misuse::IgnoredExit));
        }
    }
    assert_eq!(coroutine.state(), State::Finished);
    assert_eq!(*trace.borrow(), ["finally"]);
}

#[test]
fn suspended_drop_is_a_close() {
    let (coroutine, trace) = suspended();
    drop(coroutine);
    assert_eq!(*trace.borrow(), ["begin", "finally"]);

    let trace = Trace::default();
    let told = trace.clone();
    let mut coroutine = Coroutine::<i32>::new(|co| async move {
        if let Err(Raised::Exit) = co.yield_(1).await {
            told.borrow_mut().push("going away");
        }
        Ok(())
    });
    let _ = coroutine.next();
    drop(coroutine);
    assert_eq!(*trace.borrow(), ["going away"]);
}

/// Tries one operation on itself while it runs, and yields what that said.
fn re_entered(
    operation: fn(&mut Shared<'static, String, ()>) -> Step<String, ()>,
) -> (Shared<'static, String, ()>, String) {
    let mut shared = Shared::new_cyclic(|me| {
        Coroutine::new(|co: Co<'static, String, ()>| async move {
            let mut me = me.upgrade()?;
            assert_eq!(me.state(), State::Running);
            let said = match operation(&mut me) {
                Step::Raised(raised) => raised.to_string(),
                other => format!("{other:?}"),
            };
            // It must not keep itself alive.
            drop(me);
            co.yield_(said).await?;
            Ok(())
        })
    });
    let said = shared.next().yielded().unwrap();
    (shared, said)
}

#[test]
fn running_every_operation_is_already_executing() {
    for operation in [
        |me: &mut Shared<'static, String, ()>| me.next(),
        |me: &mut Shared<'static, String, ()>| me.send(()),
        |me: &mut Shared<'static, String, ()>| me.throw(Oops),
        |me: &mut Shared<'static, String, ()>| match me.close() {
            Ok(_) => Step::Returned(()),
            Err(raised) => Step::Raised(raised),
        },
    ] {
        let (mut shared, said) = re_entered(operation);
        assert_eq!(said, "coroutine already executing");
        assert!(matches!(shared.next(), Step::Returned(())));
    }
}

#[test]
fn running_and_not_handled_finishes_the_outer_run() {
    let mut shared = Shared::new_cyclic(|me| {
        Coroutine::<i32>::new(|_| async move {
            me.upgrade()?.next().yielded()?;
            Ok(())
        })
    });
    let raised = shared.next().yielded().unwrap_err();
    assert_eq!(raised.misuse(), Some(Misuse::AlreadyExecuting));
    assert_eq!(shared.state(), State::Finished);
}

#[test]
fn finished_next_and_send_say_so_and_the_value_comes_back() {
    let (mut coroutine, _) = finished();
    for _ in 0..10 {
        let raised = coroutine.next().yielded().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::Finished));
        let refused = coroutine.try_send(7).unwrap_err();
        assert_eq!(
            refused,
            Refused {
                value: 7,
                why: Misuse::Finished
            }
        );
    }
}

#[test]
fn finished_throw_comes_out() {
    let (mut coroutine, _) = finished();
    assert_eq!(told(coroutine.throw(Oops)), "raised oops");
}

#[test]
fn finished_close_and_drop_do_nothing() {
    let (mut coroutine, trace) = finished();
    assert_eq!(coroutine.close().unwrap(), None);
    assert_eq!(coroutine.close().unwrap(), None);
    drop(coroutine);
    assert_eq!(*trace.borrow(), ["begin", "finally"]);
}

#[test]
fn a_panic_reaches_the_caller_and_later_resumes_are_refused() {
    let mut coroutine = Coroutine::<i32>::new(|co| async move {
        co.yield_(1).await?;
        panic!("in the body");
    });
    let _ = coroutine.next();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = coroutine.next();
    }));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"in the body"));
    assert_eq!(coroutine.state(), State::Finished);
    let raised = coroutine.next().yielded().unwrap_err();
    assert_eq!(raised.misuse(), Some(Misuse::Panicked));
    assert_eq!(coroutine.close().unwrap(), None);
}
