//! A runtime that ends, and a blocking function that goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};

/// A runtime with a blocking function at work, which was aborted.
struct Busy {
    runtime: Runtime,
    /// Dropping it lets the function go on to its end.
    release: mpsc::Sender<()>,
    done: Arc<AtomicBool>,
}

fn busy() -> Busy {
    let runtime = Builder::new_current_thread()
        .build()
        .expect("a runtime without sockets needs nothing that could fail");
    let (begun, begins) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let done = Arc::new(AtomicBool::new(false));
    let worked = done.clone();
    let work = runtime.spawn_blocking(move || {
        begun.send(()).ok();
        // Ends when `release` is dropped.
        released.recv().ok();
        worked.store(true, Ordering::Relaxed);
    });
    begins.recv().expect("the function says that it begins");
    work.abort();
    Busy {
        runtime,
        release,
        done,
    }
}

/// Drops the runtime; returns whether the work was done after that.
pub fn dropped() -> bool {
    let busy = busy();
    // Before the drop, which would never return otherwise.
    drop(busy.release);
    drop(busy.runtime);
    busy.done.load(Ordering::Relaxed)
}

/// Leaves the runtime; returns whether the work was done after that.
pub fn left() -> bool {
    let busy = busy();
    busy.runtime.shutdown_background();
    let done = busy.done.load(Ordering::Relaxed);
    drop(busy.release);
    done
}
