//! What the section `async-mutex` counts, locks and joins with.
//!
//! It comes from here, so that `async_mutex/schedules.rs` can put others in its
//! place, which give turns in every order.

pub use std::cell::Cell;

pub use futures::future::join_all;
pub use tokio::sync::Mutex;
pub use tokio::task;
