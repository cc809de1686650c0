//! The operating system under bad input, with tasks for clients.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use ch03_generators::coroutine::Raised;
use ch03_generators::kernel::{Os, Scheduler};

mod sockets;
mod tasks;

/// Runs `main` and whatever it starts, in a thread of its own; fails if that
/// takes a minute, or if a failure goes unseen.
fn run<F>(main: impl FnOnce(Os) -> F + Send + 'static)
where
    F: Future<Output = Result<(), Raised>> + 'static,
{
    in_time(move || {
        let mut scheduler = Scheduler::new().expect("a poll");
        let unseen = Rc::new(RefCell::new(Vec::new()));
        let told = unseen.clone();
        scheduler.on_unseen(move |tid, failure| {
            told.borrow_mut().push(format!("{tid}: {failure}"));
        });
        scheduler.spawn(main);
        scheduler.run().expect("no task is stuck");
        assert_eq!(*unseen.borrow(), Vec::<String>::new());
        assert_eq!(scheduler.load(), (0, 0), "tasks and sockets");
    });
}

/// Fails a test that hangs.
fn in_time(test: impl FnOnce() + Send + 'static) {
    let (tx, rx) = mpsc::channel();
    let test = thread::spawn(move || {
        test();
        tx.send(()).expect("the test waits for it");
    });
    let end = rx.recv_timeout(Duration::from_secs(60));
    assert_ne!(end, Err(RecvTimeoutError::Timeout));
    test.join().expect("the test passes");
}

/// The processor time that this thread has taken.
#[cfg(unix)]
fn processor_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("it is not negative")
}

/// Tells that it has been dropped.
struct Guard(Rc<Cell<u32>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}
