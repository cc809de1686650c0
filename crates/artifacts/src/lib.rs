//! The files of a section's room, and of an exercise: where they are, how they
//! are read and written, and what holds between them.
//!
//! A section is one folder, `chNN-topic/src/SLUG/`:
//!
//! - `mod.rs` and what it needs: the program;
//! - `twin.py`: the same in Python;
//! - `page.md`: the page, whose first line is the section's title;
//! - `section.toml`: what of each output is guaranteed ([`contract`]), the
//!   questions about it ([`quiz`]), how its schedules are explored
//!   ([`schedules`]), what holds of every timeline ([`timeline`]); all of it is
//!   a [`section::SectionFile`];
//! - `recorded/`: what programs have written, never typed. `NAME.txt` is an
//!   [`output::Output`], `NAME.trace` a [`timeline::Trace`], `NAME.cast` a
//!   [`cast::Cast`], `outcomes.toml` has the [`outcomes`], `schedules.json` is a
//!   [`schedules::Recording`]. The section's own run has the name `rust`, its
//!   twin's `python`.
//!
//! A chapter has its [`measurement`]s, `chNN-topic/measurements/NAME.json`.
//!
//! [`room::Room`] knows the paths. [`source_hash`] ties a recording to the code
//! that it was recorded from. [`exercise`] describes an exercise's folder, [`progress`] what a reader has.
//! The runner writes and checks these files, the book shows them.

pub mod cast;
pub mod contract;
pub mod exercise;
pub mod measurement;
pub mod outcomes;
pub mod output;
pub mod progress;
pub mod provenance;
pub mod quiz;
mod relation;
pub mod room;
pub mod schedules;
pub mod section;
pub mod source_hash;
pub mod suggest;
pub mod timeline;
