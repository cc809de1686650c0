//! Prints what the futures of a section do in every order of turns that there
//! is; the section's page lets a reader step through it.
//!
//! cargo run -q -p ch04-async --example schedules -- async-mutex

#[path = "../src/async_mutex/schedules.rs"]
mod async_mutex;

fn main() -> std::process::ExitCode {
    explore::record::main(&[async_mutex::CASE])
}
