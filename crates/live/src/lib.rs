//! The live book: the book's pages from a server on loopback, in which every
//! output can be run again, every listing edited, every exercise solved.
//!
//! The pages are those that `cargo xtask book` builds, unchanged; the server
//! puts its own script and style into them while it serves them.
//!
//! - [`site`]: what a page shows, and so what may be run or edited on it;
//! - [`gate`]: only the reader's own browser comes in;
//! - [`edits`]: what a reader has changed, kept below `target/live/`;
//! - [`overlay`]: a workspace of links in which the changed files are real, so
//!   that the checkout is never written;
//! - [`plan`]: a transcript's command as a build and a program; [`cargo`]: the
//!   build; [`process`]: the program, within limits; [`reaper`]: what ends the
//!   programs if the server cannot;
//! - [`run`]: a run and its verdict; [`explore`]: the schedules of an edit;
//!   [`practice`]: the exercises;
//! - [`server`]: the addresses.

pub mod cargo;
pub mod edits;
pub mod event;
pub mod explore;
pub mod gate;
pub mod overlay;
pub mod plan;
pub mod practice;
pub mod process;
pub mod reaper;
pub mod run;
pub mod server;
pub mod site;
