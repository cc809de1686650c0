//! The builder of the book.

pub mod fault;
pub mod html;
pub mod listing;
pub mod measurement;
