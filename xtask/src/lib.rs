//! What the runner shares: with the book's builder the contract of an output,
//! what was recorded besides, and the exercises as their folders describe
//! them; with the tests a browser; and what a signal does.

pub mod browser;
pub mod cast;
pub mod child;
pub mod choices;
pub mod contract;
pub mod exercise;
pub mod nearest;
pub mod outcomes;
mod relation;
pub mod signals;
pub mod stamp;
pub mod trace;
