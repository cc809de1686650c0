//! Chapter 2: processes.
//!
//! The modules in reading order:
//!
//! - [`spinner`]: a process is told to stop through a pipe.
//! - [`kill`]: a process can be killed, and cleans nothing up.
//! - [`full_pipe`]: who writes to a full pipe waits.
//! - [`worker`]: the same executable is its own worker.
//! - [`frames`]: what crosses a pipe is bytes.
//! - [`primes`]: a pool of worker processes.
//! - [`pool`]: a pool that outlives its workers, as a tool.
//! - [`lost_results`]: an empty queue is not the end of the work.
//! - [`gone_too_soon`]: a name may be gone before a child opens it.
//! - [`stage`]: a stage of a pipeline moves into a process.
//! - [`crash`]: a process that crashes, crashes alone.
//! - [`tables`]: RC4 and SHA-256 with one to four workers.
//! - [`shared_memory`]: shared memory is shared bytes.
//! - [`wrong_tool`]: who waits needs no process.
//! - [`costs`]: what a process costs.
//! - [`queue`]: a queue that other machines can reach.
//! - [`signals`]: Ctrl-C, SIGTERM and SIGHUP, unless they are to be ignored.
//! - [`interrupt`]: what a signal does to a parent and its children.
//! - [`orphan`]: how a child ends with its parent, whatever it is doing.

pub mod interrupt;
pub mod orphan;
pub mod signals;
pub mod spinner;
pub mod kill;
pub mod full_pipe;
pub mod worker;
pub mod frames;
pub mod primes;
pub mod pool;
pub mod lost_results;
pub mod gone_too_soon;
pub mod stage;
pub mod crash;
pub mod tables;
pub mod shared_memory;
pub mod wrong_tool;
pub mod costs;
pub mod queue;
