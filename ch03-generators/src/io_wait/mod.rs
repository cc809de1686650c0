//! A task waits for a socket, and the others run meanwhile.
//!
//! New: a third place for tasks, beside each socket, and the system is asked
//! which sockets are ready. Two designs ask at different times.
//!
//! cargo run -p ch03-generators -- io-wait

mod alive;
pub mod cli;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use mio::event::Source;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use crate::coroutine::{Co, Coroutine, Misuse, Raised, Resumable, Step};

/// What a task can ask for.
pub enum Trap {
    /// Let others run.
    Pause,
    /// Close this task.
    Kill(u32),
    /// Go on when there is something to read or to accept.
    ReadWait(Socket),
    /// Go on when there is room for something to be written.
    WriteWait(Socket),
    /// Ask the system which sockets are ready.
    Poll,
}

/// Whatever the system can watch.
pub type Socket = Rc<RefCell<dyn Source>>;
/// What a task is made of.
pub type Body = Coroutine<'static, Trap>;
/// A task's line to the scheduler.
pub type Line = Co<'static, Trap>;

/// When the system is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// After every turn.
    InTheLoop,
    /// By a task, which has its turn like any other.
    AsATask,
}

type Shared = Rc<RefCell<(u32, Body)>>;

/// A socket, and the tasks that wait for it, one for each direction.
struct Waiting {
    socket: Socket,
    reading: Option<Shared>,
    writing: Option<Shared>,
}

impl Waiting {
    /// Returns the directions in which a task waits, if there is one.
    fn interest(&self) -> Option<Interest> {
        let reading = self.reading.is_some().then_some(Interest::READABLE);
        let writing = self.writing.is_some().then_some(Interest::WRITABLE);
        match (reading, writing) {
            (Some(reading), Some(writing)) => Some(reading | writing),
            (reading, writing) => reading.or(writing),
        }
    }
}

/// Runs tasks in turn, and lets them wait for sockets.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 7.
pub struct Scheduler {
    tasks: BTreeMap<u32, Shared>,
    ready: VecDeque<Shared>,
    waiting: BTreeMap<usize, Waiting>,
    asks: Asks,
    poll: Poll,
    polls: u32,
    last: u32,
}

impl Scheduler {
    /// Makes a scheduler, whose first task may be the one that asks.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn new(asks: Asks) -> io::Result<Self> {
        let mut scheduler = Scheduler {
            tasks: BTreeMap::new(),
            ready: VecDeque::new(),
            waiting: BTreeMap::new(),
            asks,
            poll: Poll::new()?,
            polls: 0,
            last: 0,
        };
        if asks == Asks::AsATask {
            scheduler.spawn(Coroutine::new(|co: Line| async move {
                loop {
                    co.yield_(Trap::Poll).await?;
                }
            }));
        }
        Ok(scheduler)
    }

    /// Makes a task, which will run after all others.
    pub fn spawn(&mut self, body: Body) -> u32 {
        self.last += 1;
        let task = Rc::new(RefCell::new((self.last, body)));
        self.tasks.insert(self.last, task.clone());
        self.ready.push_back(task);
        self.last
    }

    /// Runs `turns` turns, or fewer if there is no task left; returns how many
    /// tasks there are.
    ///
    /// # Errors
    ///
    /// What a task raised; the system's.
    pub fn run(&mut self, turns: u32) -> Result<usize, Raised> {
        for _ in 0..turns {
            if self.asks == Asks::InTheLoop && !self.tasks.is_empty() {
                self.poll()?;
            }
            let Some(task) = self.ready.pop_front() else {
                break;
            };
            let step = task.borrow_mut().1.next();
            match step {
                Step::Yielded(trap) => self.serve(trap, task)?,
                Step::Returned(()) => self.exit(&task),
                Step::Raised(raised)
                    if raised.misuse() == Some(Misuse::Finished) =>
                {
                    self.exit(&task);
                }
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(self.tasks.len())
    }

    fn exit(&mut self, task: &Shared) {
        self.tasks.remove(&task.borrow().0);
    }

    fn serve(&mut self, trap: Trap, task: Shared) -> Result<(), Raised> {
        match trap {
            Trap::Pause => {}
            Trap::Poll => self.poll()?,
            Trap::Kill(tid) => {
                if let Some(target) = self.tasks.get(&tid) {
                    target.borrow_mut().1.close()?;
                }
            }
            Trap::ReadWait(socket) => {
                return self.wait(&socket, |at| at.reading = Some(task));
            }
            Trap::WriteWait(socket) => {
                return self.wait(&socket, |at| at.writing = Some(task));
            }
        }
        self.ready.push_back(task);
        Ok(())
    }

    /// Puts a task beside a socket. One that waited there before in the same
    /// direction is overwritten.
    fn wait(
        &mut self,
        socket: &Socket,
        put: impl FnOnce(&mut Waiting),
    ) -> Result<(), Raised> {
        let key = Rc::as_ptr(socket).cast::<()>().addr();
        let known = self.waiting.contains_key(&key);
        let at = self.waiting.entry(key).or_insert_with(|| Waiting {
            socket: socket.clone(),
            reading: None,
            writing: None,
        });
        put(at);
        let (registry, token) = (self.poll.registry(), Token(key));
        let source = &mut *socket.borrow_mut();
        match at.interest() {
            Some(for_what) if known => {
                registry.reregister(source, token, for_what)?;
            }
            Some(for_what) => registry.register(source, token, for_what)?,
            None => {}
        }
        Ok(())
    }

    /// Makes ready the tasks whose sockets are; waits if no other task is ready.
    fn poll(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.polls += 1;
        let limit = (!self.ready.is_empty()).then_some(Duration::ZERO);
        let mut events = Events::with_capacity(64);
        self.poll.poll(&mut events, limit)?;
        for event in &events {
            let Some(mut at) = self.waiting.remove(&event.token().0) else {
                continue;
            };
            // An error is for both: the next read or write returns it.
            let error = event.is_error();
            if event.is_readable() || event.is_read_closed() || error {
                self.ready.extend(at.reading.take());
            }
            if event.is_writable() || event.is_write_closed() || error {
                self.ready.extend(at.writing.take());
            }
            let (registry, token) = (self.poll.registry(), event.token());
            match at.interest() {
                None => registry.deregister(&mut *at.socket.borrow_mut())?,
                Some(left) => {
                    let source = &mut *at.socket.borrow_mut();
                    registry.reregister(source, token, left)?;
                }
            }
            if at.interest().is_some() {
                self.waiting.insert(token.0, at);
            }
        }
        Ok(())
    }
}

/// Echoes what one client sends.
async fn server(
    co: Line,
    listener: Rc<RefCell<TcpListener>>,
) -> Result<(), Raised> {
    co.yield_(Trap::ReadWait(listener.clone())).await?;
    let (client, _) = listener.borrow().accept()?;
    let client = Rc::new(RefCell::new(client));
    let mut buffer = [0; 64];
    loop {
        co.yield_(Trap::ReadWait(client.clone())).await?;
        let n = client.borrow_mut().read(&mut buffer)?;
        if n == 0 {
            return Ok(());
        }
        client.borrow_mut().write_all(&buffer[..n])?;
    }
}

/// Sends three lines, and waits for the echo of each.
async fn client(
    co: Line,
    address: SocketAddr,
    done: Rc<Cell<bool>>,
) -> Result<(), Raised> {
    let stream = connect(address)?;
    for i in 1..=3 {
        stream.borrow_mut().write_all(b"hello")?;
        co.yield_(Trap::ReadWait(stream.clone())).await?;
        let mut buffer = [0; 64];
        let n = stream.borrow_mut().read(&mut buffer)?;
        let echo = String::from_utf8_lossy(&buffer[..n]);
        println!("request {i}: {echo}");
    }
    done.set(true);
    Ok(())
}

/// Connects the blocking way: here the other side answers at once.
fn connect(address: SocketAddr) -> io::Result<Rc<RefCell<TcpStream>>> {
    let stream = std::net::TcpStream::connect(address)?;
    stream.set_nonblocking(true)?;
    Ok(Rc::new(RefCell::new(TcpStream::from_std(stream))))
}

fn listen() -> io::Result<(Rc<RefCell<TcpListener>>, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = listener.local_addr()?;
    Ok((Rc::new(RefCell::new(listener)), address))
}

/// Serves three requests, beside a task that has something to do all the time;
/// returns how often the system was asked.
fn echo_beside_work(asks: Asks) -> Result<u32, Raised> {
    let (listener, address) = listen()?;
    let done = Rc::new(Cell::new(false));
    let mut scheduler = Scheduler::new(asks)?;
    scheduler.spawn(Coroutine::new(|co| server(co, listener)));
    let told = done.clone();
    scheduler.spawn(Coroutine::new(move |co| client(co, address, told)));
    scheduler.spawn(Coroutine::new(|co: Line| async move {
        while !done.get() {
            co.yield_(Trap::Pause).await?;
        }
        Ok(())
    }));
    // The server ends after its client. One that asks never ends.
    while scheduler.tasks.len() > usize::from(asks == Asks::AsATask) {
        scheduler.run(1)?;
    }
    Ok(scheduler.polls)
}

/// Compares where the question is asked.
///
/// # Errors
///
/// The system gives no socket.
pub fn demo() -> Result<(), Raised> {
    let polls = echo_beside_work(Asks::InTheLoop)?;
    println!("asked after every turn: {polls} times");
    let polls = echo_beside_work(Asks::AsATask)?;
    println!("asked by a task: {polls} times");
    Ok(())
}

/// Writes `length` bytes; returns how often it waited for room.
async fn send_all(
    co: &Line,
    stream: &Rc<RefCell<TcpStream>>,
    length: usize,
) -> Result<u32, Raised> {
    let (bytes, mut sent, mut waits) = (vec![b'x'; length], 0, 0);
    while sent < length {
        let wrote = stream.borrow_mut().write(&bytes[sent..]);
        match wrote {
            Ok(n) => sent += n,
            Err(err) if err.kind() == io::ErrorKind::WouldBlock => {
                waits += 1;
                co.yield_(Trap::WriteWait(stream.clone())).await?;
            }
            Err(err) => return Err(err.into()),
        }
    }
    Ok(waits)
}

/// Sends more than a socket's buffer takes, and receives it in another task.
///
/// # Errors
///
/// The system's.
pub fn write() -> Result<(), Raised> {
    const LENGTH: usize = 10_000_000;
    let (listener, address) = listen()?;
    let near = connect(address)?;
    let mut scheduler = Scheduler::new(Asks::InTheLoop)?;
    scheduler.spawn(Coroutine::new(move |co: Line| async move {
        let waits = send_all(&co, &near, LENGTH).await?;
        println!("sent {LENGTH} bytes, waited for room {waits} times");
        Ok(())
    }));
    scheduler.spawn(Coroutine::new(move |co: Line| async move {
        co.yield_(Trap::ReadWait(listener.clone())).await?;
        let (far, _) = listener.borrow().accept()?;
        let far = Rc::new(RefCell::new(far));
        let (mut buffer, mut received) = (vec![0; 1 << 16], 0);
        while received < LENGTH {
            co.yield_(Trap::ReadWait(far.clone())).await?;
            received += far.borrow_mut().read(&mut buffer)?;
        }
        println!("received {received} bytes");
        Ok(())
    }));
    while scheduler.run(1)? > 0 {}
    Ok(())
}

/// Waits for a socket on which there is something, and says so.
async fn reader(
    co: Line,
    name: &'static str,
    socket: Socket,
) -> Result<(), Raised> {
    co.yield_(Trap::ReadWait(socket)).await?;
    println!("{name}: readable");
    Ok(())
}

/// All tasks have ended, and the one that asks has not.
///
/// # Errors
///
/// The system's.
pub fn never_ends() -> Result<(), Raised> {
    let mut scheduler = Scheduler::new(Asks::AsATask)?;
    scheduler.spawn(Coroutine::new(|_| async {
        println!("the only task has ended");
        Ok(())
    }));
    let start = Instant::now();
    let left = scheduler.run(100_000)?;
    let took = start.elapsed().as_millis();
    println!(
        "100000 turns later: tasks: {left}, asked: {}",
        scheduler.polls
    );
    println!("they took {took} ms, and none of them waited");
    Ok(())
}

/// Two tasks wait for the same socket.
///
/// # Errors
///
/// The system's.
pub fn overwritten() -> Result<(), Raised> {
    let (listener, address) = listen()?;
    let _client = connect(address)?;
    let mut scheduler = Scheduler::new(Asks::AsATask)?;
    for name in ["t1", "t2"] {
        let socket = listener.clone();
        scheduler.spawn(Coroutine::new(|co| reader(co, name, socket)));
    }
    let left = scheduler.run(1000)?;
    println!("1000 turns later: tasks: {left}");
    Ok(())
}

/// Kills a task that waits for a socket, and never returns.
///
/// # Errors
///
/// The system's.
pub fn killed() -> Result<(), Raised> {
    let (listener, _) = listen()?;
    let mut scheduler = Scheduler::new(Asks::InTheLoop)?;
    let target = scheduler
        .spawn(Coroutine::new(|co| reader(co, "never printed", listener)));
    scheduler.spawn(Coroutine::new(move |co: Line| async move {
        co.yield_(Trap::Kill(target)).await?;
        println!("killed {target}, which waits for a socket");
        Ok(())
    }));
    scheduler.run(1000)?;
    println!("never printed");
    Ok(())
}

/// A task accepts without waiting first, and never returns.
///
/// # Errors
///
/// The system's.
pub fn frozen() -> Result<(), Raised> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut scheduler = Scheduler::new(Asks::InTheLoop)?;
    scheduler.spawn(Coroutine::new(|co: Line| async move {
        loop {
            println!("I'm alive!");
            co.yield_(Trap::Pause).await?;
        }
    }));
    scheduler.spawn(Coroutine::new(move |_| async move {
        listener.accept()?;
        Ok(())
    }));
    scheduler.run(1000)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_asks_less_often_than_the_loop() {
        let in_the_loop = echo_beside_work(Asks::InTheLoop).unwrap();
        let as_a_task = echo_beside_work(Asks::AsATask).unwrap();
        assert!(as_a_task < in_the_loop);
    }
}
