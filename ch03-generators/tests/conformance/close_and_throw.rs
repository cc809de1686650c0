//! What the inner body does while it is unwound, times what unwinds it.

use super::*;

/// What stands in the inner body's `finally`.
#[derive(Clone, Copy)]
enum Cleanup {
    Nothing,
    Yields,
    Returns,
    Raises(fn() -> Raised),
}

async fn inner(co: Numbers<'_>, cleanup: Cleanup) -> Result<i32, Raised> {
    let left = co.yield_(1).await;
    match cleanup {
        Cleanup::Nothing => {}
        Cleanup::Yields => {
            co.yield_(2).await?;
        }
        Cleanup::Returns => return Ok(3),
        Cleanup::Raises(raised) => return Err(raised()),
    }
    left.map(|_| 0)
}

async fn outer(co: Numbers<'_>, cleanup: Cleanup) -> Result<i32, Raised> {
    co.delegate(|co| inner(co, cleanup)).await
}

fn close_and_throw(log: &Log, cleanup: Cleanup) {
    let thrown = [
        ("exit", Raised::Exit),
        ("stop", Misuse::Finished.into()),
        ("base", Oops("thrown base").into()),
        ("error", Oops("thrown error").into()),
    ];
    log.say("close:");
    let mut g = Coroutine::new(|co| outer(co, cleanup));
    log.step(&mut g);
    log.close(&mut g);
    log.step(&mut g);
    for (name, raised) in thrown {
        log.say(format!("throw {name}:"));
        let mut g = Coroutine::new(|co| outer(co, cleanup));
        log.step(&mut g);
        log.throw(&mut g, raised);
        log.exhaust(&mut g);
        log.step(&mut g);
    }
}

#[test]
fn close_and_throw_work() {
    conforms("close_and_throw_work", |log| {
        close_and_throw(log, Cleanup::Nothing);
    });
}

#[test]
fn close_and_throw_raise_generator_exit() {
    conforms("close_and_throw_raise_generator_exit", |log| {
        close_and_throw(log, Cleanup::Raises(|| Raised::Exit));
    });
}

#[test]
fn close_and_throw_raise_stop_iteration() {
    conforms("close_and_throw_raise_stop_iteration", |log| {
        close_and_throw(log, Cleanup::Raises(|| Misuse::Finished.into()));
    });
}

#[test]
fn close_and_throw_raise_base_exception() {
    conforms("close_and_throw_raise_base_exception", |log| {
        close_and_throw(log, Cleanup::Raises(|| Oops("raised base").into()));
    });
}

#[test]
fn close_and_throw_raise_exception() {
    conforms("close_and_throw_raise_exception", |log| {
        close_and_throw(log, Cleanup::Raises(|| Oops("raised error").into()));
    });
}

#[test]
fn close_and_throw_yield() {
    conforms("close_and_throw_yield", |log| {
        close_and_throw(log, Cleanup::Yields);
    });
}

#[test]
fn close_and_throw_return() {
    conforms("close_and_throw_return", |log| {
        close_and_throw(log, Cleanup::Returns);
    });
}
