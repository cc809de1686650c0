//! What the runner shares: with the book's builder the contract of an output,
//! with the tests a browser.

pub mod browser;
pub mod child;
pub mod contract;
mod relation;
