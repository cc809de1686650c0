//! A wait queue: tasks that are not to run until something has happened.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::trap::Tid;

/// Tasks that are to run again: put there by a wake-up, taken by the scheduler.
pub(super) type Woken = Rc<RefCell<Vec<Tid>>>;

/// Tasks that wait for one thing, the longest waiting first.
///
/// To be woken means "look again", not "it is yours": the task that was woken
/// before may have taken it.
pub(super) struct Queue {
    tids: RefCell<VecDeque<Tid>>,
    woken: Woken,
    /// Whether the wake-up comes from outside: a socket, a thread, a signal.
    pub(super) outside: bool,
}

impl Queue {
    pub(super) fn new(woken: &Woken, outside: bool) -> Rc<Self> {
        Rc::new(Queue {
            tids: RefCell::default(),
            woken: woken.clone(),
            outside,
        })
    }

    /// Says whether this scheduler wakes the tasks that wait here.
    pub(super) fn is_of(&self, woken: &Woken) -> bool {
        Rc::ptr_eq(&self.woken, woken)
    }

    pub(super) fn push(&self, tid: Tid) {
        self.tids.borrow_mut().push_back(tid);
    }

    /// Takes out a task that has been killed.
    pub(super) fn remove(&self, tid: Tid) {
        self.tids.borrow_mut().retain(|waiting| *waiting != tid);
    }

    pub(super) fn wake_one(&self) {
        self.woken
            .borrow_mut()
            .extend(self.tids.borrow_mut().pop_front());
    }

    pub(super) fn wake_all(&self) {
        self.woken
            .borrow_mut()
            .extend(self.tids.borrow_mut().drain(..));
    }
}
