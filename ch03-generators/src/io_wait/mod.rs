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
use std::time::Duration;

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

/// Runs tasks in turn, and lets them wait for sockets.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 7.
pub struct Scheduler {
    tasks: BTreeMap<u32, Shared>,
    ready: VecDeque<Shared>,
    reading: BTreeMap<usize, (Socket, Shared)>,
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
            reading: BTreeMap::new(),
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
                let key = Rc::as_ptr(&socket).cast::<()>().addr();
                let entry = (socket.clone(), task);
                // A task that waited here before is overwritten.
                let earlier = self.reading.insert(key, entry);
                let (registry, token) = (self.poll.registry(), Token(key));
                let source = &mut *socket.borrow_mut();
                match earlier {
                    None => {
                        registry.register(source, token, Interest::READABLE)
                    }
                    Some(_) => {
                        registry.reregister(source, token, Interest::READABLE)
                    }
                }?;
                return Ok(());
            }
        }
        self.ready.push_back(task);
        Ok(())
    }

    /// Makes ready the tasks whose sockets are; waits if no other task is ready.
    fn poll(&mut self) -> io::Result<()> {
        if self.reading.is_empty() {
            return Ok(());
        }
        self.polls += 1;
        let limit = (!self.ready.is_empty()).then_some(Duration::ZERO);
        let mut events = Events::with_capacity(64);
        self.poll.poll(&mut events, limit)?;
        for event in &events {
            if let Some((socket, task)) = self.reading.remove(&event.token().0)
            {
                let source = &mut *socket.borrow_mut();
                self.poll.registry().deregister(source)?;
                self.ready.push_back(task);
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
    let left = scheduler.run(100_000)?;
    println!(
        "100000 turns later: tasks: {left}, asked: {}",
        scheduler.polls
    );
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
