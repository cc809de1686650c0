//! Must not compile: a future is polled that could be moved afterwards.

use std::pin::Pin;
use std::task::{Context, Waker};

async fn sum() -> u32 {
    6
}

fn main() {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = sum();
    let poll = Pin::new(&mut future).poll(&mut cx);
    println!("{poll:?}");
}
