//! Chapter 3: generators and coroutines.
//!
//! One module for each section, in reading order: `main.rs` has the table.
//!
//! The facility grows in three stages, each whole in itself:
//!
//! 1. [`generator`]: a body that only yields, and an iterator over it.
//! 2. [`send`]: a body that is also sent values.
//! 3. [`coroutine`]: the whole protocol of PEP 342 and PEP 380: send, throw,
//!    close, return values, delegation. All later sections use this one.
//!
//! What tasks are run by grows from [`task`] on, a section a step, into
//! [`kernel`].

pub mod coroutine;

pub mod countdown;
pub mod lazy;
pub mod generator;
pub mod send;
pub mod states;
pub mod close;
pub mod throw;
pub mod reentry;
pub mod returns;
pub mod mixing;
pub mod context_manager;
pub mod delegation;
pub mod grouper;
pub mod frames;
pub mod recursion;
pub mod trampoline;
pub mod pipeline;
pub mod push;
pub mod object;
pub mod events;
pub mod carriers;
pub mod libraries;
pub mod taxi;
pub mod launch_pad;
pub mod human;
pub mod by_hand;
pub mod task;
pub mod scheduler;
pub mod crash;
pub mod exit;
pub mod system_calls;
pub mod task_management;
pub mod wait_task;
pub mod io_wait;
pub mod subroutines;
pub mod kernel;
pub mod socket_objects;
pub mod echo_server;
pub mod task_channels;
pub mod timers;
pub mod offload;
pub mod failures;
pub mod two_schedulers;
