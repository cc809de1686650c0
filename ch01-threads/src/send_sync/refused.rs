//! A `Cell` must not be shared between threads.
//!
//! cargo check -q -p ch01-threads --features refused --example shared_cell

use std::cell::Cell;
use std::thread;

fn main() {
    let visits = Cell::new(0);
    thread::scope(|scope| {
        scope.spawn(|| visits.set(visits.get() + 1));
        scope.spawn(|| visits.set(visits.get() + 1));
    });
    println!("{}", visits.get());
}
