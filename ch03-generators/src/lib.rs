//! Chapter 3: generators and coroutines.
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
//!
//! The modules in reading order:
//!
//! - [`countdown`]: Python's iterator protocol and Rust's are one method
//!   each.
//! - [`lazy`]: what stands in a lazy chain runs when it is asked for.
//! - [`generator`]: a plain generator from an async block, and the state machine
//!   it is.
//! - [`send`]: values go in at the yield; before the first one nobody waits
//!   for them.
//! - [`states`]: one coroutine in each of its states, under each operation.
//! - [`close`]: a body is told to end, tidies up, and has the last word.
//! - [`throw`]: an error travels into the body, which may catch it.
//! - [`reentry`]: a compile error with one owner, a checked error with
//!   several.
//! - [`returns`]: return values, and why the end is not an error.
//! - [`mixing`]: an item that send brings back, and a loop that never sees
//!   it.
//! - [`scope`]: a context manager from a coroutine, and from a Drop.
//! - [`delegation`]: delegation by hand, and delegation.
//! - [`grouper`]: who talks to whom, and what a group that is not ended
//!   loses.
//! - [`frames`]: a stack of bodies in the driver, against a chain of
//!   objects.
//! - [`recursion`]: trees and nested lists, without boxes or a deep stack.
//! - [`trampoline`]: calls by yielding, what the first loop loses, and the
//!   cure.
//! - [`pipeline`]: pulling lines out of a log that is being written.
//! - [`push`]: the source sends, the sink receives, and the end travels
//!   down.
//! - [`object`]: the same filter as a struct, and which of the two is
//!   faster.
//! - [`events`]: three sources of XML events under the same stages.
//! - [`carriers`]: a stage in line, in a thread, in a process, behind a
//!   socket.
//! - [`libraries`]: what std has, and the sections in which to take more.
//! - [`taxi`]: a simulation in which time jumps from event to event.
//! - [`launch_pad`]: a loop with a sorted list of who waits until when.
//! - [`human`]: a loop that is you.
//! - [`by_hand`]: three coroutines, resumed to their end and beyond.
//! - [`task`]: what a scheduler needs of a task: its own flow, and a number.
//! - [`scheduler`]: two endless loops in one thread.
//! - [`crash`]: what a scheduler does that expects nobody to end.
//! - [`exit`]: the end as one of three things that a turn can bring.
//! - [`system_calls`]: a yield asks, and evaluates to the answer.
//! - [`task_management`]: tasks that start and kill tasks.
//! - [`waiting`]: tasks that wait for tasks, and three ways to get lost.
//! - [`io_wait`]: tasks that wait for sockets, and who asks the system.
//! - [`subroutines`]: calls before `yield from`, and what falls through.
//! - [`kernel`]: the operating system whole; in [`kernel::demo`] the holes of the last four sections, closed.
//! - [`socket_objects`]: sockets like std's, but for the `await`.
//! - [`echo_server`]: a server, its clients, and its end.
//! - [`channels`]: two wait queues, and what it means to be stuck.
//! - [`timers`]: sleeping, and time limits, in simulated time.
//! - [`offload`]: threads for work that blocks.
//! - [`failures`]: errors that reach who waits, and those that nobody asks
//!   for.
//! - [`two_schedulers`]: the same tasks in real and in simulated time.
//!
//! [`options`] reads the command line of the sections that are programs,
//! [`interrupt`] does what [`signals`] mean to them.

pub mod coroutine;
pub mod interrupt;
pub mod options;

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
pub mod scope;
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
pub mod waiting;
pub mod io_wait;
pub mod subroutines;
pub mod kernel;
pub mod socket_objects;
pub mod echo_server;
pub mod channels;
pub mod timers;
pub mod offload;
pub mod failures;
pub mod two_schedulers;
pub mod signals;
