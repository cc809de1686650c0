//! What the runner and the book's builder share: the contract of an output,
//! and what else is recorded about it.

pub mod child;
pub mod choices;
pub mod contract;
pub mod outcomes;
mod relation;
