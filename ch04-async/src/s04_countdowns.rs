//! To be written.

/// To be written.
pub async fn demo() {}
