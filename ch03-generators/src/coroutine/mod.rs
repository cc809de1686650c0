//! Coroutines with the whole protocol of PEP 342 and PEP 380.
//!
//! The sections `close`, `throw`, `returns` and `delegation` show what it does,
//! `states`, `coroutine` and `frames` how. In reading order:
//!
//! - [`small`]: the same idea in a hundred lines, without delegation.
//! - [`protocol`]: [`Resume`], which goes in, [`Step`], which comes out, and the
//!   trait [`Resumable`] that everything resumable has.
//! - [`raised`]: [`Raised`], which unwinds a body, and [`Except`] to catch it.
//! - [`co`]: the body's side: [`Co`], with `yield_`, `delegate`, `yield_from`.
//! - [`driver`]: the caller's side: [`Coroutine`].
//! - `stack`: bodies that delegate to each other, and the loop over the top.
//! - [`shared`]: [`Shared`], a handle that may be cloned, and so re-entered.
//! - [`movable`]: [`Movable`], which may change threads, for a lock each way.
//! - [`tee`](mod@tee): two iterators over one source.
//! - `room`: how deep all of it may go.
//! - [`demo`]: the program of the section `coroutine`.
//!
//! A body is an `async fn` that takes a [`Co`] and returns a [`Result`]:
//!
//! ```
//! use ch03_generators::coroutine::*;
//!
//! async fn running_sum(co: Co<'_, i32, i32>) -> Result<i32, Raised> {
//!     let mut sum = 0;
//!     // `next()` is "send nothing", as `None` is in Python: it ends the sum.
//!     while let Some(term) = co.yield_(sum).await? {
//!         sum += term;
//!     }
//!     Ok(sum)
//! }
//!
//! let mut sum = Coroutine::new(running_sum);
//! assert!(matches!(sum.next(), Step::Yielded(0)));
//! assert!(matches!(sum.send(40), Step::Yielded(40)));
//! assert!(matches!(sum.send(2), Step::Yielded(42)));
//! assert!(matches!(sum.next(), Step::Returned(42)));
//! ```
//!
//! # Deviations from Python
//!
//! All of them; the test `fuzz` holds everything else against CPython.
//!
//! - A coroutine that ignores `close()` is finished all the same, and so is a
//!   body that ignores the exit of the one it was delegated from. CPython leaves
//!   it suspended, and raises the exit once more when it is deallocated. An error
//!   here is never a leak, and a body is sent the exit once.
//! - The bodies that such a one delegated to with [`Co::delegate`] are dropped
//!   with it: they are part of it, and nothing is awaited in them any more. What
//!   it delegated to with [`Co::yield_from`] is closed, as in CPython.
//! - Delegating to what has ended is [`Misuse::Finished`]; `yield from` evaluates
//!   to `None`. The value was given to the caller that ran it to its end, and
//!   not every type has a `None` to stand for it. Iterating over it is empty, as in Python.
//! - An error carries the error that it names as its source, not the error that
//!   happened to be handled when it was raised: there is no `__context__`.
//! - `GeneratorExit` is the only exception that `except Exception` misses, and it
//!   has no identity and no message: [`Raised::Exit`].
//! - A panic is not [`Raised`]: it passes through every resume to the caller's
//!   thread, as a panic does, and the coroutine refuses to go on.
//! - Coroutines may resume each other as deep as the thread's stack reaches, less
//!   128 KiB: then [`Misuse::TooDeep`], where Python has `RecursionError` after a
//!   thousand calls. Frames ([`Co::delegate`]) have no such limit.
//! - Reference cycles of [`Shared`] handles leak; break them with
//!   [`Shared::downgrade`]. CPython's collector finds them.
//! - CPython 3.11 can be made to throw into a generator that runs, by way of
//!   another one that delegates to it, and unwinds the wrong `yield from`. Here
//!   that is [`Misuse::AlreadyExecuting`], as PEP 380 has it.

pub mod co;
pub mod demo;
pub mod driver;
pub mod movable;
pub mod protocol;
pub mod raised;
mod room;
pub mod shared;
pub mod small;
mod stack;
pub mod tee;

pub use co::Co;
pub use driver::Coroutine;
pub use movable::{Movable, MovableCo};
pub use protocol::{
    IntoItems, Items, Plain, Refused, Resumable, Resume, State, Step,
};
pub use raised::{Except, Misuse, Raised};
pub use shared::{Shared, WeakShared};
pub use tee::{Tee, tee};
