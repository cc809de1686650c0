//! An `Rc` must not go into another thread.
//!
//! cargo check -q -p ch01-threads --features refused --example counted_menu

use std::rc::Rc;
use std::thread;

fn main() {
    let menu = Rc::new(["tea", "soup", "rice"]);
    let handle = Rc::clone(&menu);
    let cook = thread::spawn(move || handle[0]);
    println!("{:?} of {menu:?}", cook.join());
}
