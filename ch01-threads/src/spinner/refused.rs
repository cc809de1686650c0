//! A flag that one thread writes while another reads it must not compile.
//!
//! Python's spinner of 2016 stops when `signal.go` becomes `False`. In Rust the
//! same program is a data race, and the borrow checker sees it.
//!
//! cargo check -q -p ch01-threads --features refused --example plain_flag

use std::thread;
use std::time::Duration;

fn main() {
    let mut go = true;
    let spin = || {
        while go {
            thread::sleep(Duration::from_millis(100));
        }
    };
    thread::scope(|scope| {
        scope.spawn(spin);
        thread::sleep(Duration::from_secs(3));
        go = false;
    });
}
