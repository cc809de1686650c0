//! What the runner and the book's builder share: the contract of an output,
//! and the exercises as their folders describe them.

pub mod child;
pub mod contract;
pub mod exercise;
pub mod nearest;
mod relation;
