//! The book in a real browser, from the file system, without a network.
#![cfg(unix)]

#[path = "browser/accessibility.rs"]
mod accessibility;
#[path = "browser/pages.rs"]
mod pages;
#[path = "browser/stepper.rs"]
mod stepper;
#[path = "browser/terminal.rs"]
mod terminal;
