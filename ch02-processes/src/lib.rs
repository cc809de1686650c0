//! Chapter 2: processes.
//!
//! The modules in reading order:
//!
//! - [`s01_spinner`]: a process is told to stop through a pipe.
//! - [`s02_kill`]: a process can be killed, and cleans nothing up.
//! - [`s03_full_pipe`]: who writes to a full pipe waits.
//! - [`s04_worker`]: the same executable is its own worker.
//! - [`s05_frames`]: what crosses a pipe is bytes.
//! - [`s06_primes`]: a pool of worker processes.
//! - [`s07_pool`]: a pool that outlives its workers, as a tool.
//! - [`s08_lost_results`]: an empty queue is not the end of the work.
//! - [`s09_gone_too_soon`]: a name may be gone before a child opens it.
//! - [`s10_stage`]: a stage of a pipeline moves into a process.
//! - [`s11_crash`]: a process that crashes, crashes alone.
//! - [`s12_tables`]: RC4 and SHA-256 with one to four workers.
//! - [`s13_shared_memory`]: shared memory is shared bytes.
//! - [`s14_wrong_tool`]: who waits needs no process.
//! - [`s15_costs`]: what a process costs.
//! - [`s16_queue`]: a queue that other machines can reach.
//! - [`signals`]: Ctrl-C, SIGTERM and SIGHUP, unless they are to be ignored.
//! - [`interrupt`]: what a signal does to a parent and its children.
//! - [`orphan`]: how a child ends with its parent, whatever it is doing.

pub mod interrupt;
pub mod orphan;
pub mod s01_spinner;
pub mod s02_kill;
pub mod s03_full_pipe;
pub mod s04_worker;
pub mod s05_frames;
pub mod s06_primes;
pub mod s07_pool;
pub mod s08_lost_results;
pub mod s09_gone_too_soon;
pub mod s10_stage;
pub mod s11_crash;
pub mod s12_tables;
pub mod s13_shared_memory;
pub mod s14_wrong_tool;
pub mod s15_costs;
pub mod s16_queue;
pub mod signals;
