//! What the runner shares: with the book's builder the contract of an output
//! and what else is recorded about it, with the tests a browser.

pub mod browser;
pub mod child;
pub mod choices;
pub mod contract;
pub mod outcomes;
mod relation;
