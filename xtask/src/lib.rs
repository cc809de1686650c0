//! What the runner and the book's builder share: the contract of an output.

pub mod child;
pub mod contract;
mod relation;
