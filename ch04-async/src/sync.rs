//! What the section `no-lock` counts, locks and joins with.
//!
//! It comes from here, so that `schedules/` can put tools in its place that
//! give turns in every order.

pub use std::cell::Cell;

pub use futures::future::join_all;
pub use tokio::sync::Mutex;
pub use tokio::task;
