//! To be written.

use std::error::Error;
use std::process::ExitCode;

/// To be written.
///
/// # Errors
///
/// None yet.
pub fn program(_: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    Ok(ExitCode::SUCCESS)
}
