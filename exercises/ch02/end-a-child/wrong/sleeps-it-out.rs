//! It gives the time, and takes all of it.

/// How often it looks: as a person would not notice.
const STEP: u32 = 10;

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    ByItself,
    Killed,
}

/// A child process, and the clock beside it. Times are in milliseconds.
pub trait Child {
    /// Asks it to end: it may take its time, or not listen.
    fn terminate(&mut self);

    /// Ends it, soon.
    fn kill(&mut self);

    /// Says how it has ended, if it has, and takes it out of the table.
    fn try_wait(&mut self) -> Option<Ended>;

    /// Waits until it has ended, takes it out of the table, and says how.
    fn wait(&mut self) -> Ended;

    /// Sleeps so long.
    fn sleep(&mut self, time: u32);
}

/// Ends a child, which has a grace period to end by itself.
pub fn end(child: &mut impl Child, grace: u32) -> Ended {
    child.terminate();
    let mut left = grace;
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
    // It will not take long, but until then it is a zombie or will be one.
    child.wait()
}
