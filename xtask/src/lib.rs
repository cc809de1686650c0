//! What the runner shares: with the book's builder the contract of an output and
//! what was recorded besides, with the tests a browser.

pub mod browser;
pub mod cast;
pub mod child;
pub mod contract;
mod relation;
pub mod stamp;
pub mod trace;
