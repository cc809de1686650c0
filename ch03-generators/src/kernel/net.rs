//! Which socket is ready: the operating system's answer, kept until it is used.

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mio::event::Source;
use mio::{Events, Interest, Poll, Registry, Token, Waker};

use super::queue::{Queue, Woken};

/// The waker's token. Sockets have their place in the list.
const WAKER: Token = Token(usize::MAX);

/// What is known of one socket. The system reports once, when something changes
/// ("edge-triggered"), and so has to be kept.
pub(super) struct Readiness {
    pub(super) read: Side,
    pub(super) write: Side,
    /// The other side has said its last. That does not change any more.
    pub(super) ended: Cell<bool>,
}

/// One direction: whether it may be tried, and the tasks that wait for it.
pub(super) struct Side {
    pub(super) ready: Cell<bool>,
    pub(super) queue: Rc<Queue>,
}

impl Side {
    fn new(woken: &Woken) -> Self {
        let ready = Cell::new(true);
        let queue = Queue::new(woken, true);
        Side { ready, queue }
    }

    /// Wakes all waiters: one that gets nothing waits again, behind the others.
    pub(super) fn open(&self) {
        self.ready.set(true);
        self.queue.wake_all();
    }
}

/// The sockets of one scheduler.
pub(super) struct Net {
    registry: Registry,
    sockets: RefCell<Vec<Option<Rc<Readiness>>>>,
    free: RefCell<Vec<usize>>,
    woken: Woken,
    /// The tasks that wait for the doorbell.
    pub(super) bell: Rc<Queue>,
    pub(super) rung: Cell<bool>,
}

impl Net {
    pub(super) fn enter(
        &self,
        source: &mut impl Source,
    ) -> io::Result<(Token, Rc<Readiness>)> {
        let readiness = Rc::new(Readiness {
            read: Side::new(&self.woken),
            write: Side::new(&self.woken),
            ended: Cell::new(false),
        });
        let mut sockets = self.sockets.borrow_mut();
        let place = self.free.borrow_mut().pop().unwrap_or_else(|| {
            sockets.push(None);
            sockets.len() - 1
        });
        sockets[place] = Some(readiness.clone());
        let (token, both) =
            (Token(place), Interest::READABLE | Interest::WRITABLE);
        drop(sockets);
        if let Err(err) = self.registry.register(source, token, both) {
            self.forget(token);
            return Err(err);
        }
        Ok((token, readiness))
    }

    pub(super) fn leave(&self, source: &mut impl Source, token: Token) {
        // It is closed next, which takes it off the list all the same.
        self.registry.deregister(source).ok();
        self.forget(token);
    }

    fn forget(&self, token: Token) {
        self.sockets.borrow_mut()[token.0] = None;
        self.free.borrow_mut().push(token.0);
    }

    pub(super) fn len(&self) -> usize {
        self.sockets.borrow().len() - self.free.borrow().len()
    }
}

/// The other end of the registry, which is asked for events.
pub(super) struct Poller {
    poll: Poll,
    events: Events,
    pub(super) net: Rc<Net>,
    pub(super) waker: Arc<Waker>,
}

impl Poller {
    pub(super) fn new(woken: &Woken) -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let net = Net {
            registry: poll.registry().try_clone()?,
            sockets: RefCell::default(),
            free: RefCell::default(),
            woken: woken.clone(),
            bell: Queue::new(woken, true),
            rung: Cell::new(false),
        };
        let (events, net) = (Events::with_capacity(1024), Rc::new(net));
        Ok(Poller {
            poll,
            events,
            net,
            waker,
        })
    }

    /// Waits for events, but no longer than `limit`, and wakes whom they
    /// concern.
    ///
    /// Returns whether the waker was among them.
    pub(super) fn poll(&mut self, limit: Option<Duration>) -> io::Result<bool> {
        match self.poll.poll(&mut self.events, limit) {
            // A signal is no event, and no error.
            Err(err) if err.kind() == ErrorKind::Interrupted => {
                return Ok(false);
            }
            polled => polled?,
        }
        let mut called = false;
        let sockets = self.net.sockets.borrow();
        for event in &self.events {
            let Token(place) = event.token();
            called |= event.token() == WAKER;
            let Some(Some(socket)) = sockets.get(place) else {
                continue;
            };
            if event.is_read_closed() || event.is_error() {
                socket.ended.set(true);
            }
            if event.is_readable() || socket.ended.get() {
                socket.read.open();
            }
            if event.is_writable() || event.is_write_closed() {
                socket.write.open();
            }
        }
        Ok(called)
    }
}
