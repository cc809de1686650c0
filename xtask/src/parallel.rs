//! Work on several threads.

use std::sync::Mutex;
use std::thread;

/// Calls `work` for each of `items`, on so many threads.
pub fn for_each<T: Send>(
    items: Vec<T>,
    threads: usize,
    work: impl Fn(T) + Sync,
) {
    let queue = Mutex::new(items.into_iter());
    let next = || queue.lock().expect("a worker panicked").next();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = next() {
                    work(item);
                }
            });
        }
    });
}
