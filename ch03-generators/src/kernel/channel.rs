//! Channels between tasks, made of two wait queues.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::rc::Rc;

use super::os::Os;
use super::queue::Queue;
use crate::coroutine::Raised;

struct Buffer<T> {
    items: RefCell<VecDeque<T>>,
    capacity: usize,
    senders: Cell<usize>,
    receivers: Cell<usize>,
    /// The tasks that wait for room, and those that wait for an item.
    room: Rc<Queue>,
    filled: Rc<Queue>,
}

/// The error of a send: no receiver is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("this channel has no receiver")
    }
}

impl Error for Closed {}

/// The end that is sent to; clones are further senders.
pub struct Tx<T> {
    buffer: Rc<Buffer<T>>,
}

/// The end that is received from; clones are further receivers, and each item
/// goes to one of them.
pub struct Rx<T> {
    buffer: Rc<Buffer<T>>,
}

impl Os {
    /// Makes a channel with room for `capacity` items, at least one.
    pub fn channel<T>(&self, capacity: usize) -> (Tx<T>, Rx<T>) {
        let buffer = Rc::new(Buffer {
            items: RefCell::default(),
            capacity: capacity.max(1),
            senders: Cell::new(1),
            receivers: Cell::new(1),
            room: Queue::new(&self.shared.woken, false),
            filled: Queue::new(&self.shared.woken, false),
        });
        let tx = Tx {
            buffer: buffer.clone(),
        };
        (tx, Rx { buffer })
    }
}

impl<T> Tx<T> {
    /// Sends `item`, and waits first while there is no room.
    ///
    /// # Errors
    ///
    /// [`Closed`]; the item is dropped.
    pub async fn send(&self, os: &Os, item: T) -> Result<(), Raised> {
        let buffer = &*self.buffer;
        loop {
            if buffer.receivers.get() == 0 {
                return Err(Closed.into());
            }
            if buffer.items.borrow().len() < buffer.capacity {
                break;
            }
            // Killed after it was woken: the room goes to another sender.
            os.block(&buffer.room)
                .await
                .inspect_err(|_| buffer.room.wake_one())?;
        }
        buffer.items.borrow_mut().push_back(item);
        buffer.filled.wake_one();
        Ok(())
    }
}

impl<T> Rx<T> {
    /// Receives an item, and waits first while there is none.
    ///
    /// Returns `None` once all senders are gone and their items are taken.
    ///
    /// # Errors
    ///
    /// [`Raised::Exit`] when the task is killed. No item is lost.
    pub async fn recv(&self, os: &Os) -> Result<Option<T>, Raised> {
        let buffer = &*self.buffer;
        loop {
            let item = buffer.items.borrow_mut().pop_front();
            if item.is_some() {
                buffer.room.wake_one();
                return Ok(item);
            }
            if buffer.senders.get() == 0 {
                return Ok(None);
            }
            // Killed after it was woken: the item goes to another receiver.
            os.block(&buffer.filled)
                .await
                .inspect_err(|_| buffer.filled.wake_one())?;
        }
    }
}

impl<T> Clone for Tx<T> {
    fn clone(&self) -> Self {
        self.buffer.senders.set(self.buffer.senders.get() + 1);
        let buffer = self.buffer.clone();
        Tx { buffer }
    }
}

impl<T> Clone for Rx<T> {
    fn clone(&self) -> Self {
        self.buffer.receivers.set(self.buffer.receivers.get() + 1);
        let buffer = self.buffer.clone();
        Rx { buffer }
    }
}

impl<T> Drop for Tx<T> {
    fn drop(&mut self) {
        self.buffer.senders.set(self.buffer.senders.get() - 1);
        if self.buffer.senders.get() == 0 {
            self.buffer.filled.wake_all();
        }
    }
}

impl<T> Drop for Rx<T> {
    fn drop(&mut self) {
        self.buffer.receivers.set(self.buffer.receivers.get() - 1);
        if self.buffer.receivers.get() == 0 {
            self.buffer.room.wake_all();
        }
    }
}
