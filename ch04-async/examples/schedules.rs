//! Prints what the futures of a section do in every order of turns that there
//! is; the section's page lets a reader step through it.
//!
//! cargo run -q -p ch04-async --example schedules -- no-lock

#[path = "../src/no_lock/schedules.rs"]
mod no_lock;

fn main() -> std::process::ExitCode {
    explore::record::main(&[no_lock::CASE])
}
