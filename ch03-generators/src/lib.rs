//! Chapter 3: generators and coroutines.
//!
//! The facility grows in three stages, each whole in itself:
//!
//! 1. [`s03_gen`]: a body that only yields, and an iterator over it.
//! 2. [`s04_send`]: a body that is also sent values.
//! 3. [`coroutine`]: the whole protocol of PEP 342 and PEP 380: send, throw,
//!    close, return values, delegation. All later sections use this one.
//!
//! What tasks are run by grows from [`s27_task`] on, a section a step, into
//! [`kernel`].
//!
//! The modules in reading order:
//!
//! - [`s01_countdown`]: Python's iterator protocol and Rust's are one method
//!   each.
//! - [`s02_lazy`]: what stands in a lazy chain runs when it is asked for.
//! - [`s03_gen`]: a plain generator from an async block, and the state machine
//!   it is.
//! - [`s04_send`]: values go in at the yield; before the first one nobody waits
//!   for them.
//! - [`s05_states`]: one coroutine in each of its states, under each operation.
//! - [`s06_close`]: a body is told to end, tidies up, and has the last word.
//! - [`s07_throw`]: an error travels into the body, which may catch it.
//! - [`s08_reentry`]: a compile error with one owner, a checked error with
//!   several.
//! - [`s09_returns`]: return values, and why the end is not an error.
//! - [`s10_mixing`]: an item that send brings back, and a loop that never sees
//!   it.
//! - [`s11_scope`]: a context manager from a coroutine, and from a Drop.
//! - [`s12_delegation`]: delegation by hand, and delegation.
//! - [`s13_grouper`]: who talks to whom, and what a group that is not ended
//!   loses.
//! - [`s14_frames`]: a stack of bodies in the driver, against a chain of
//!   objects.
//! - [`s15_recursion`]: trees and nested lists, without boxes or a deep stack.
//! - [`s16_trampoline`]: calls by yielding, what the first loop loses, and the
//!   cure.
//! - [`s17_pipeline`]: pulling lines out of a log that is being written.
//! - [`s18_push`]: the source sends, the sink receives, and the end travels
//!   down.
//! - [`s19_object`]: the same filter as a struct, and which of the two is
//!   faster.
//! - [`s20_events`]: three sources of XML events under the same stages.
//! - [`s21_carriers`]: a stage in line, in a thread, in a process, behind a
//!   socket.
//! - [`s22_libraries`]: what std has, and the sections in which to take more.
//! - [`s23_taxi`]: a simulation in which time jumps from event to event.
//! - [`s24_launch_pad`]: a loop with a sorted list of who waits until when.
//! - [`s25_human`]: a loop that is you.
//! - [`s26_by_hand`]: three coroutines, resumed to their end and beyond.
//! - [`s27_task`]: what a scheduler needs of a task: its own flow, and a number.
//! - [`s28_scheduler`]: two endless loops in one thread.
//! - [`s29_crash`]: what a scheduler does that expects nobody to end.
//! - [`s30_exit`]: the end as one of three things that a turn can bring.
//! - [`s31_system_calls`]: a yield asks, and evaluates to the answer.
//! - [`s32_task_management`]: tasks that start and kill tasks.
//! - [`s33_waiting`]: tasks that wait for tasks, and three ways to get lost.
//! - [`s34_io_wait`]: tasks that wait for sockets, and who asks the system.
//! - [`s35_subroutines`]: calls before `yield from`, and what falls through.
//! - [`s36_kernel`]: the holes of the last four sections, closed.
//! - [`s37_socket_objects`]: sockets like std's, but for the `await`.
//! - [`s38_echo_server`]: a server, its clients, and its end.
//! - [`s39_channels`]: two wait queues, and what it means to be stuck.
//! - [`s40_timers`]: sleeping, and time limits, in simulated time.
//! - [`s41_offload`]: threads for work that blocks.
//! - [`s42_failures`]: errors that reach who waits, and those that nobody asks
//!   for.
//! - [`s43_two_schedulers`]: the same tasks in real and in simulated time.
//!
//! [`options`] reads the command line of the sections that are programs,
//! [`interrupt`] does what [`signals`] mean to them.

pub mod coroutine;
pub mod interrupt;
pub mod kernel;
pub mod options;

pub mod s01_countdown;
pub mod s02_lazy;
pub mod s03_gen;
pub mod s04_send;
pub mod s05_states;
pub mod s06_close;
pub mod s07_throw;
pub mod s08_reentry;
pub mod s09_returns;
pub mod s10_mixing;
pub mod s11_scope;
pub mod s12_delegation;
pub mod s13_grouper;
pub mod s14_frames;
pub mod s15_recursion;
pub mod s16_trampoline;
pub mod s17_pipeline;
pub mod s18_push;
pub mod s19_object;
pub mod s20_events;
pub mod s21_carriers;
pub mod s22_libraries;
pub mod s23_taxi;
pub mod s24_launch_pad;
pub mod s25_human;
pub mod s26_by_hand;
pub mod s27_task;
pub mod s28_scheduler;
pub mod s29_crash;
pub mod s30_exit;
pub mod s31_system_calls;
pub mod s32_task_management;
pub mod s33_waiting;
pub mod s34_io_wait;
pub mod s35_subroutines;
pub mod s36_kernel;
pub mod s37_socket_objects;
pub mod s38_echo_server;
pub mod s39_channels;
pub mod s40_timers;
pub mod s41_offload;
pub mod s42_failures;
pub mod s43_two_schedulers;
pub mod signals;
