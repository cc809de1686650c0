//! A coroutine with one yield is a `with` block: before, after, and if not.
//!
//! New: the block's error is thrown into the coroutine, which may swallow it. In
//! Rust the second half is a `Drop`, which runs on a panic too.
//!
//! cargo run -p ch03-generators -- context-manager

use std::cell::Cell;
use std::error::Error;
use std::fmt;

use crate::coroutine::{Co, Coroutine, Except, Raised, Resumable, Step};

/// Runs `block` in the middle of `scope`, with what it yields.
///
/// Returns what the block returned, `None` if the scope swallowed its error.
///
/// # Errors
///
/// What the block raised, or the scope; a scope that yields twice.
///
/// Source: `contextlib.contextmanager`.
pub fn within<Y, T>(
    mut scope: Coroutine<'_, Y>,
    block: impl FnOnce(Y) -> Result<T, Raised>,
) -> Result<Option<T>, Raised> {
    let (step, value) = match block(scope.next().yielded()?) {
        Ok(value) => (scope.next(), Some(value)),
        Err(raised) => (scope.throw(raised), None),
    };
    match step {
        Step::Returned(()) => Ok(value),
        Step::Raised(raised) => Err(raised),
        Step::Yielded(_) => Err(Raised::message("the scope did not end")),
    }
}

/// Prints lines, backwards while it is reversed.
#[derive(Default)]
pub struct Mirror {
    reversed: Cell<bool>,
}

impl Mirror {
    /// Returns the text as it is printed now.
    pub fn reflect(&self, text: &str) -> String {
        match self.reversed.get() {
            true => text.chars().rev().collect(),
            false => text.to_string(),
        }
    }

    fn print(&self, text: &str) {
        println!("{}", self.reflect(text));
    }
}

/// The error that [`looking_glass`] swallows.
#[derive(Debug)]
pub struct DividedByZero;

impl fmt::Display for DividedByZero {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("divided by zero")
    }
}

impl Error for DividedByZero {}

/// Reverses the mirror, and forgets it if the block fails.
pub async fn looking_glass_broken<'a>(
    co: Co<'a, &'static str>,
    mirror: &'a Mirror,
) -> Result<(), Raised> {
    mirror.reversed.set(true);
    co.yield_("JABBERWOCKY").await?;
    mirror.reversed.set(false);
    Ok(())
}

/// Reverses the mirror until the block ends, however it ends.
///
/// Source: *Fluent Python*, 2nd ed., ch. 18, "Using @contextmanager".
pub async fn looking_glass<'a>(
    co: Co<'a, &'static str>,
    mirror: &'a Mirror,
) -> Result<(), Raised> {
    mirror.reversed.set(true);
    let left = co.yield_("JABBERWOCKY").await;
    // No `?` above, so that this line runs.
    mirror.reversed.set(false);
    if let Err(error) = left.except::<DividedByZero>()? {
        mirror.print(&format!("please mind: {error}"));
    }
    Ok(())
}

/// Reverses a mirror as long as it lives: a scope as Rust writes it.
pub struct Reversed<'a>(&'a Mirror);

impl<'a> Reversed<'a> {
    /// Reverses `mirror`.
    pub fn new(mirror: &'a Mirror) -> Self {
        mirror.reversed.set(true);
        Reversed(mirror)
    }
}

impl Drop for Reversed<'_> {
    fn drop(&mut self) {
        self.0.reversed.set(false);
    }
}

/// Shows a block that succeeds and two that fail, then the guard.
pub fn demo() {
    let mirror = Mirror::default();
    let scope = Coroutine::new(|co| looking_glass(co, &mirror));
    let done = within(scope, |word| {
        mirror.print("Alice, Kitty and Snowdrop");
        mirror.print(word);
        Ok(())
    });
    mirror.print(&format!("back to normal: {done:?}"));

    let scope = Coroutine::new(|co| looking_glass(co, &mirror));
    let done: Result<Option<()>, _> =
        within(scope, |_| Err(DividedByZero.into()));
    mirror.print(&format!("swallowed: {done:?}"));

    let scope = Coroutine::new(|co| looking_glass_broken(co, &mirror));
    let done: Result<Option<()>, _> =
        within(scope, |_| Err(DividedByZero.into()));
    mirror.print(&format!("not back to normal: {done:?}"));

    {
        let _reversed = Reversed::new(&mirror);
        mirror.print("Alice, Kitty and Snowdrop");
    }
    mirror.print("back to normal");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_holds_in_a_panic_too() {
        let mirror = Mirror::default();
        let block = std::panic::AssertUnwindSafe(|| {
            let _reversed = Reversed::new(&mirror);
            assert_eq!(mirror.reflect("abc"), "cba");
            panic!("in the block");
        });
        assert!(std::panic::catch_unwind(block).is_err());
        assert_eq!(mirror.reflect("abc"), "abc");
    }

    #[test]
    fn an_error_that_is_not_swallowed_comes_out() {
        let mirror = Mirror::default();
        let scope = Coroutine::new(|co| looking_glass(co, &mirror));
        let done = within(scope, |_| Err::<(), _>(fmt::Error.into()));
        assert!(done.unwrap_err().downcast_ref::<fmt::Error>().is_some());
        assert_eq!(mirror.reflect("abc"), "abc");
    }
}
