//! Chapter 2: processes.
//!
//! One module for each section, in reading order: `main.rs` has the table.
//!
//! [`child`] is the command line of the sections' children. [`orphan`] makes a
//! child end with its parent, whatever the child is doing.

pub mod spinner;
pub mod kill;
pub mod full_pipe;
pub mod worker;
pub mod framing;
pub mod primes;
pub mod pool;
pub mod lost_results;
pub mod crash;
pub mod costs;
pub mod processes_recap;
pub mod gone_too_soon;
pub mod stage;
pub mod tables;
pub mod shared_memory;
pub mod wrong_tool;
pub mod queue;

pub mod child;
pub mod orphan;
