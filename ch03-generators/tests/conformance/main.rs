//! The cases of CPython's own tests for `yield from`, under their own names.
//!
//! `test_yield_from.py` has 43 test functions, and 71 cases, because the last
//! seven run five ways each. Each that has a Rust meaning is a test here, 41 of
//! them with 69 cases: the behaviour is CPython's, the code is ours. A test writes down
//! what happens, line by line, and compares with `traces.txt`. `cases.py` does
//! the same with Python's generators, and `both_columns_are_proven` compares
//! that: the two columns are one.
//!
//! Left out, a case each:
//!
//! - `broken_getattr_handling`: an attribute that cannot be looked up. A method
//!   that is missing does not compile.
//! - `delegator_is_visible_to_debugger`: the interpreter's own stack of frames.
//!   Ours is [`Coroutine::depth`], which the frames section shows.
//!
//! Python's parts that have no counterpart: the context that links an error to
//! the one being handled, and the identity of the `GeneratorExit` object, of
//! which `Raised::Exit` has none. `BaseException` is one more error type here:
//! only the exit is a class of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::rc::Rc;

use ch03_generators::coroutine::*;

mod close_and_throw;
mod delegation;
mod returns;
mod running;
mod throwing;
mod traces;

/// A body's handle in these cases: it yields and is sent numbers.
type Numbers<'a> = Co<'a, i32, i32>;

/// An ordinary error, thrown by a caller or raised by a body.
#[derive(Debug, PartialEq)]
struct Oops(&'static str);

impl fmt::Display for Oops {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Oops {}

/// How a value is named in a trace, so that both languages can name it.
trait Describe {
    fn describe(&self) -> String;
}

impl Describe for () {
    fn describe(&self) -> String {
        "nothing".to_string()
    }
}

impl Describe for i32 {
    fn describe(&self) -> String {
        self.to_string()
    }
}

impl Describe for (i32, i32) {
    fn describe(&self) -> String {
        format!("{self:?}")
    }
}

impl Describe for Oops {
    fn describe(&self) -> String {
        "an error object".to_string()
    }
}

/// What a case says, line by line.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn say(&self, text: impl Into<String>) {
        self.0.borrow_mut().push(text.into());
    }

    /// Says it when it is dropped: Python's `finally` without a yield in it.
    fn finally(&self, text: &'static str) -> Finally {
        Finally(self.clone(), text)
    }

    fn told<Y: Describe, R: Describe>(&self, step: Step<Y, R>) {
        self.say(match step {
            Step::Yielded(item) => format!("yielded {}", item.describe()),
            Step::Returned(value) => format!("returned {}", value.describe()),
            Step::Raised(raised) => match raised.misuse() {
                Some(Misuse::Finished) => "finished".to_string(),
                _ => format!("raised {}", name(&raised)),
            },
        });
    }

    fn step<S, C>(&self, coroutine: &mut C)
    where
        C: Resumable<S, Yield: Describe, Return: Describe>,
    {
        self.told(coroutine.next());
    }

    fn send<S, C>(&self, coroutine: &mut C, value: S)
    where
        C: Resumable<S, Yield: Describe, Return: Describe>,
    {
        self.told(coroutine.send(value));
    }

    fn throw<S, C>(&self, coroutine: &mut C, what: impl Into<Raised>)
    where
        C: Resumable<S, Yield: Describe, Return: Describe>,
    {
        self.told(coroutine.throw(what));
    }

    fn close<S, C: Resumable<S, Return: Describe>>(&self, coroutine: &mut C) {
        self.say(match coroutine.close() {
            Ok(None) => "closed".to_string(),
            Ok(Some(value)) => format!("closed with {}", value.describe()),
            Err(raised) => format!("close raised {}", name(&raised)),
        });
    }

    /// Goes on with nothing sent until it ends.
    fn exhaust<S, Y: Describe, R: Describe>(
        &self,
        coroutine: &mut Coroutine<Y, S, R>,
    ) {
        while coroutine.state() != State::Finished {
            self.step(coroutine);
        }
    }
}

struct Finally(Log, &'static str);

impl Drop for Finally {
    fn drop(&mut self) {
        self.0.say(self.1);
    }
}

fn name(raised: &Raised) -> String {
    match raised.misuse() {
        Some(Misuse::AlreadyExecuting) => "already executing".to_string(),
        Some(Misuse::IgnoredExit) => "ignored exit".to_string(),
        Some(Misuse::RaisedFinished) => "stop inside".to_string(),
        Some(Misuse::SendUnsupported) => "cannot send".to_string(),
        _ => raised.to_string(),
    }
}

/// Delegates to a body, and says when it is left, however it is left.
async fn around<'a, R: 'a, F>(
    co: Numbers<'a>,
    log: Log,
    body: impl FnOnce(Numbers<'a>) -> F,
) -> Result<R, Raised>
where
    F: Future<Output = Result<R, Raised>> + 'a,
{
    log.say("start g1");
    let _finally = log.finally("finish g1");
    co.delegate(body).await
}

/// Makes a coroutine of [`around`] and a body.
fn g1<'a, R: 'a, F>(
    log: &Log,
    body: impl FnOnce(Numbers<'a>) -> F + 'a,
) -> Coroutine<'a, i32, i32, R>
where
    F: Future<Output = Result<R, Raised>> + 'a,
{
    let log = log.clone();
    Coroutine::new(move |co| around(co, log, body))
}

/// Runs a case, and compares what it says with its block in `traces.txt`.
fn conforms(case: &str, script: impl FnOnce(&Log)) {
    let log = Log::default();
    script(&log);
    let expected = traces::of(case);
    assert_eq!(*log.0.borrow(), expected, "{case}");
}
