//! The operating system, whole: what the sections from `scheduler` on lead to.
//!
//! In reading order:
//!
//! - `trap`: what crosses the line between a task and its scheduler.
//! - `os`: the tasks' side: [`Os`], with a method for each system call.
//! - `steps`: the table in three steps, to be read before the real one.
//! - `table`: the tasks, and what becomes of them: spawn, wait, kill, fail.
//! - `queue`: wait queues, out of which everything that waits is made.
//! - `scheduler`: [`Scheduler`]: the tasks in turn, real time, real sockets.
//! - `net`, `socket`: which socket is ready; [`Listener`] and [`Stream`].
//! - `workers`: threads for work that blocks.
//! - `channel`: [`Tx`] and [`Rx`], between tasks.
//! - `simulator`: [`Simulator`], another scheduler for the same tasks.
//! - [`demo`]: the holes of the sections before, closed.
//!
//! A task is an `async fn` that takes an [`Os`]:
//!
//! ```
//! use ch03_generators::coroutine::Raised;
//! use ch03_generators::kernel::{Os, Scheduler};
//!
//! async fn parent(os: Os) -> Result<(), Raised> {
//!     let child = os.spawn(|os| async move { os.pause().await }).await?;
//!     assert!(os.wait(child).await?);
//!     Ok(())
//! }
//!
//! let mut scheduler = Scheduler::new()?;
//! scheduler.spawn(parent);
//! scheduler.run()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod channel;
pub mod demo;
mod net;
mod os;
mod queue;
mod scheduler;
mod simulator;
mod socket;
mod steps;
mod table;
mod trap;
mod workers;

pub use channel::{Closed, Rx, Tx};
pub use os::Os;
pub use scheduler::{Doorbell, Halt, Scheduler};
pub use simulator::Simulator;
pub use socket::{Listener, Stream};
pub use trap::{Deadlock, Failure, Tid};
