//! What the runner and the book's builder share: the contract of an output, and
//! what was recorded besides.

pub mod cast;
pub mod child;
pub mod contract;
mod relation;
pub mod stamp;
pub mod trace;
