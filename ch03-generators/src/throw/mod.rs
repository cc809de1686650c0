//! `throw()` raises an error at the yield where the body waits.
//!
//! New: the body decides what to catch. What it catches, it answers with its
//! next item; what it does not unwinds it and comes out at the caller.
//!
//! cargo run -p ch03-generators -- throw

use std::error::Error;
use std::{fmt, io};

use crate::coroutine::{Co, Coroutine, Except, Raised, Resumable, Step};

/// An error that the body below knows how to handle.
#[derive(Debug)]
pub struct Hiccup;

impl fmt::Display for Hiccup {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("hiccup")
    }
}

impl Error for Hiccup {}

/// Is sent texts, yields the number in each; a [`Hiccup`] makes it yield the
/// last number again.
///
/// # Errors
///
/// A text that is no number ends it, as does whatever else is thrown.
///
/// Source: *Fluent Python*, 1st ed., ch. 16, "Coroutine Termination and
/// Exception Handling".
pub async fn numbers<'a>(co: Co<'a, u32, &'a str>) -> Result<(), Raised> {
    let mut number = 0;
    loop {
        match co.yield_(number).await.except::<Hiccup>()? {
            Ok(Some(text)) => number = text.parse()?,
            Ok(None) => return Ok(()),
            Err(hiccup) => println!("  caught a {hiccup}"),
        }
    }
}

/// Catches every error, and still ends when it is closed.
pub async fn tough(co: Co<'_, u32>) -> Result<(), Raised> {
    for n in 0.. {
        // `except_any` is `except Exception`: it lets the exit pass.
        if let Err(error) = co.yield_(n).await.except_any()? {
            println!("  caught: {error}");
        }
    }
    Ok(())
}

/// Shows an error that is caught, one that is not, and one of the body's own.
pub fn demo() {
    let tell = |what: &str, step: Step<u32, ()>| match step {
        Step::Yielded(n) => println!("{what}: yielded {n}"),
        Step::Returned(()) => println!("{what}: returned"),
        Step::Raised(raised) => println!("{what}: raised {raised}"),
    };

    let mut body = Coroutine::new(numbers);
    tell("next", body.next());
    tell("send 11", body.send("11"));
    tell("throw a hiccup", body.throw(Hiccup));
    tell("send 22", body.send("22"));
    tell("throw an error", body.throw(io::Error::other("an error")));
    tell("next", body.next());

    let mut body = Coroutine::new(numbers);
    tell("next", body.next());
    tell("send spam", body.send("spam"));

    let mut body = Coroutine::new(tough);
    tell("next", body.next());
    tell("throw an error", body.throw(io::Error::other("an error")));
    println!("close: {:?}", body.close());

    let mut fresh = Coroutine::new(tough);
    tell("throw before the start", fresh.throw(Hiccup));
    tell("next", fresh.next());
}

#[cfg(test)]
mod tests {
    use std::num::ParseIntError;

    use super::*;

    #[test]
    fn an_uncaught_error_comes_out_unchanged() {
        let mut body = Coroutine::new(tough);
        let raised = body.throw(Hiccup).yielded().unwrap_err();
        assert!(raised.downcast_ref::<Hiccup>().is_some());
    }

    #[test]
    fn an_error_of_the_bodys_own_keeps_its_type() {
        let mut body = Coroutine::new(numbers).primed().unwrap();
        let raised = body.send("spam").yielded().unwrap_err();
        assert!(raised.downcast_ref::<ParseIntError>().is_some());
    }

    #[test]
    fn catching_every_error_does_not_catch_the_exit() {
        let mut body = Coroutine::new(tough).primed().unwrap();
        assert!(matches!(body.throw(Hiccup), Step::Yielded(1)));
        assert_eq!(body.close().unwrap(), None);
    }
}
