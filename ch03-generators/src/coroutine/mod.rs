//! Coroutines with the whole protocol of PEP 342 and PEP 380.
//!
//! The sections from `states` on take this apart; in reading order:
//!
//! - [`protocol`]: what goes in and what comes out: [`Resume`], [`Step`], and
//!   the trait [`Resumable`] that everything resumable has.
//! - [`raised`]: what unwinds a body: [`Raised`], and [`Except`] to catch it.
//! - [`co`]: the body's side: [`Co`], with `yield_`, `delegate`, `yield_from`.
//! - [`driver`]: the caller's side: [`Coroutine`].
//! - `stack`: the bodies that delegate to each other, and the loop over the top.
//! - [`shared`]: [`Shared`], a handle that may be cloned, and so re-entered.
//! - [`movable`]: [`Movable`], which may change threads, for a lock each way.
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
//! - A coroutine that ignores `close()` is finished all the same; CPython leaves
//!   it suspended. An error here is never a leak.
//! - An error carries the error that it names as its source, not the error that
//!   happened to be handled when it was raised: there is no `__context__`.
//! - A panic is not [`Raised`]: it passes through every resume to the caller's
//!   thread, as a panic does, and the coroutine refuses to go on.
//! - Reference cycles of [`Shared`] handles leak; break them with
//!   [`Shared::downgrade`]. CPython's collector finds them.

pub mod co;
pub mod driver;
pub mod movable;
pub mod protocol;
pub mod raised;
pub mod shared;
mod stack;

pub use co::Co;
pub use driver::Coroutine;
pub use movable::{Movable, MovableCo};
pub use protocol::{Items, Plain, Refused, Resumable, Resume, State, Step};
pub use raised::{Except, Misuse, Raised};
pub use shared::{Shared, WeakShared};
