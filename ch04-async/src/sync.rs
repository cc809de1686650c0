//! What the section `no-lock` counts, locks and joins with.
//!
//! It comes from here, so that `no_lock/schedules.rs` can put others in its
//! place, which give turns in every order.

pub use std::cell::Cell;

pub use futures::future::join_all;
pub use tokio::sync::Mutex;
pub use tokio::task;
