//! It sleeps for the whole limit, though the child has ended.

/// The pause between two looks, in milliseconds.
const STEP: u32 = 10;

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    ByItself,
    Killed,
}

/// A child process, and the clock beside it. Times are in milliseconds.
pub trait Child {
    /// Asks it to end: it may take its time, or ignore the request.
    fn terminate(&mut self);

    /// Kills it: it ends a moment later.
    fn kill(&mut self);

    /// Returns how it has ended, if it has, and takes it out of the table.
    fn try_wait(&mut self) -> Option<Ended>;

    /// Waits until it has ended, takes it out of the table, and returns how.
    fn wait(&mut self) -> Ended;

    /// Sleeps for `time` milliseconds.
    fn sleep(&mut self, time: u32);
}

/// Ends a child: asks, waits for at most `limit` ms, then kills.
pub fn end(child: &mut impl Child, limit: u32) -> Ended {
    child.terminate();
    let mut left = limit;
    loop {
        if let Some(ended) = child.try_wait() {
            return ended;
        }
        if left == 0 {
            break;
        }
        let nap = left;
        child.sleep(nap);
        left -= nap;
    }
    child.kill();
    // A killed child ends soon; without `wait` it would stay a zombie.
    child.wait()
}
