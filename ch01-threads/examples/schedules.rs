//! Prints what the threads of a section do under every schedule that there is;
//! the section's page lets a reader step through it.
//!
//! cargo run -q -p ch01-threads --example schedules -- lost-update

#[path = "../src/condvar/schedules.rs"]
mod condvar;
#[path = "../src/lock_order/schedules.rs"]
mod lock_order;
#[path = "../src/lost_update/schedules.rs"]
mod lost_update;
#[path = "../src/thread_pool/schedules.rs"]
mod thread_pool;

fn main() -> std::process::ExitCode {
    explore::record::main(&[
        lost_update::CASE,
        lock_order::CASE,
        condvar::CASE,
        thread_pool::CASE,
    ])
}
