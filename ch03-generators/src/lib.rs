//! Chapter 3: generators and coroutines.
//!
//! One module for each section, in reading order: `main.rs` has the table.
//!
//! The facility grows in four stages, each whole in itself:
//!
//! 1. [`suspended_function`]: a body that stops in the middle, and `poll`.
//! 2. [`generator`]: a body that yields, and an iterator over it.
//! 3. [`send`]: a body that is also sent values.
//! 4. [`coroutine`]: the whole protocol of PEP 342 and PEP 380: send, throw,
//!    close, return values, delegation. All later sections use this one.
//!
//! The scheduler grows from [`scheduler`] on, a section a step, into
//! [`kernel`].

pub mod countdown;
pub mod lazy;
pub mod suspended_function;
pub mod generator;
pub mod send;
pub mod close;
pub mod throw;
pub mod returns;
pub mod delegation;
pub mod pipeline;
pub mod push;
pub mod launch_pad;
pub mod scheduler;
pub mod generators_recap;

pub mod states;
pub mod reentry;
pub mod mixing;
pub mod context_manager;
pub mod grouper;
pub mod coroutine;
pub mod frames;
pub mod recursion;
pub mod trampoline;
pub mod object;
pub mod events;
pub mod carriers;
pub mod libraries;
pub mod taxi;
pub mod by_hand;
pub mod human;

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
