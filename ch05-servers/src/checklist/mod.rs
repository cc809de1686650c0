//! Six failures, and one server at each stage of its growth.
//!
//! cargo run -p ch05-servers -- checklist

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::select;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::grown::{
    connection_limit, drain, idle_limit, line_limit, panics, start, write_limit,
};
use crate::raw_client::runtime;
use crate::serve::Limits;

/// What the servers grant here: little, so that the program ends soon.
const LIMITS: Limits = Limits {
    connections: 4,
    idle: Duration::from_secs(2),
    header: Duration::from_secs(2),
    request: Duration::from_secs(2),
    write: Duration::from_secs(2),
    drain: Duration::from_secs(6),
};

/// How long a client waits for a limit to end: longer than any of them.
const TIME_LIMIT: Duration = Duration::from_secs(8);

/// How many bytes the system keeps for a socket of the server, about.
const BUFFER: u32 = 16 * 1024;

/// How many answers another client gets before the fifth looks for its own.
const ROUNDS: usize = 50;

/// The safeguards, in the order in which the server gets them.
const SAFEGUARDS: [&str; 6] = [
    "a time limit on each line (no-timeouts)",
    "a limit on a line's length (long-line)",
    "a time limit on each write (slow-reader)",
    "a limit on connections (too-many)",
    "a panic becomes an answer (panics)",
    "a drain with a deadline (stuck-drain)",
];

type Holds<'a> = Pin<Box<dyn Future<Output = io::Result<bool>> + 'a>>;

/// What a client does to the server; the future says whether the server holds.
type Failure = fn(&mut Running) -> Holds<'_>;

const FAILURES: [(&str, Failure); 6] = [
    ("a silent client is cut off", |it| Box::pin(silent(it))),
    ("a long line is refused", |it| Box::pin(long_line(it))),
    ("a client that reads nothing is cut off", |it| {
        Box::pin(slow_reader(it))
    }),
    ("a fifth client waits for a slot", |it| Box::pin(fifth(it))),
    ("a panic costs one answer only", |it| Box::pin(panic(it))),
    ("the answer under way is finished", |it| Box::pin(end(it))),
];

/// A server on a thread of its own.
struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    /// Closed when the server, and every task of it, has ended.
    ended: oneshot::Receiver<()>,
}

impl Running {
    /// Starts the server with its first `stage` safeguards.
    async fn start(stage: usize) -> io::Result<Running> {
        let listener = listen()?.into_std()?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let (alive, ended) = oneshot::channel();
        let token = stop.clone();
        thread::Builder::new().spawn(move || {
            let served = runtime().and_then(|runtime| {
                runtime.block_on(async {
                    let listener = TcpListener::from_std(listener)?;
                    serve(stage, listener, token).await
                })
                // The runtime is dropped here, and its tasks with it, as at
                // the end of a process.
            });
            drop(alive);
            served
        })?;
        Ok(Running {
            address,
            stop,
            ended,
        })
    }

    async fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        Ok(BufReader::new(TcpStream::connect(self.address).await?))
    }
}

/// Listens with small buffers, so that a client that does not read is soon
/// noticed; accepted sockets inherit them.
fn listen() -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_send_buffer_size(BUFFER)?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    socket.listen(1024)
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Serves until `stop`. A server that knows no end is dropped then.
async fn serve(
    stage: usize,
    listener: TcpListener,
    stop: CancellationToken,
) -> io::Result<()> {
    let token = stop.clone();
    let serving = async {
        match stage {
            0 => start::serve(listener).await,
            1 => idle_limit::serve(listener, LIMITS).await,
            2 => line_limit::serve(listener, LIMITS).await,
            3 => write_limit::serve(listener, LIMITS).await,
            4 => {
                connection_limit::serve(listener, LIMITS).await;
                Ok(())
            }
            5 => {
                panics::serve(listener, LIMITS).await;
                Ok(())
            }
            _ => {
                let _cut_off = drain::serve(listener, LIMITS, token).await;
                Ok(())
            }
        }
    };
    let dropped = async {
        match stage {
            6 => pending().await,
            _ => stop.cancelled().await,
        }
    };
    select! {
        served = serving => served,
        () = dropped => Ok(()),
    }
}

/// Sends a line and returns the answer; it is empty if the server closes.
async fn ask(
    client: &mut BufReader<TcpStream>,
    line: &str,
) -> io::Result<String> {
    // If the server has closed already, the read says so.
    client.write_all(line.as_bytes()).await.ok();
    let mut answer = String::new();
    let read = client.read_line(&mut answer);
    // A reset is an end as well.
    timeout(TIME_LIMIT, read).await?.ok();
    Ok(answer)
}

async fn silent(server: &mut Running) -> io::Result<bool> {
    let mut client = server.connect().await?;
    let end = timeout(TIME_LIMIT, client.read_u8()).await;
    Ok(end.is_ok())
}

async fn long_line(server: &mut Running) -> io::Result<bool> {
    let mut client = server.connect().await?;
    let line = "x".repeat(64 * 1024) + "\n";
    Ok(ask(&mut client, &line).await?.is_empty())
}

async fn slow_reader(server: &mut Running) -> io::Result<bool> {
    let mut client = server.connect().await?;
    let line = "x".repeat(1000) + "\n";
    let flood =
        async { while client.write_all(line.as_bytes()).await.is_ok() {} };
    Ok(timeout(TIME_LIMIT, flood).await.is_ok())
}

async fn fifth(server: &mut Running) -> io::Result<bool> {
    let mut clients = Vec::new();
    for _ in 0..LIMITS.connections {
        let mut client = server.connect().await?;
        ask(&mut client, "hello\n").await?;
        clients.push(client);
    }
    let mut fifth = server.connect().await?;
    let fifth = tokio::spawn(async move { ask(&mut fifth, "hello\n").await });
    // The server has one thread: if it serves the fifth, it does so meanwhile.
    for _ in 0..ROUNDS {
        ask(&mut clients[0], "hello\n").await?;
    }
    let has_waited = !fifth.is_finished();
    clients.clear();
    let answer = fifth.await.expect("a client does not panic")?;
    Ok(has_waited && answer == "hello\n")
}

async fn panic(server: &mut Running) -> io::Result<bool> {
    let mut client = server.connect().await?;
    // A line without a word.
    let first = ask(&mut client, "\n").await?;
    let second = ask(&mut client, "hello\n").await?;
    Ok(first == "internal error\n" && second == "hello\n")
}

async fn end(server: &mut Running) -> io::Result<bool> {
    let mut stalled = server.connect().await?;
    stalled.write_all(b"half a l").await?;
    let mut client = server.connect().await?;
    ask(&mut client, "hello\n").await?;
    client.write_all(b"slow\n").await?;
    // When a third client has its answer, the second one's is under way.
    ask(&mut server.connect().await?, "hello\n").await?;
    server.stop.cancel();
    let answer = ask(&mut client, "").await?;
    let in_time = timeout(TIME_LIMIT, &mut server.ended).await.is_ok();
    let refused = server.connect().await.is_err();
    Ok(answer == "slow\n" && in_time && refused)
}

/// Sends each failure to each stage of the server, all at the same time.
///
/// # Errors
///
/// The system gives no socket or no thread.
pub fn demo() -> io::Result<()> {
    println!("safeguards:                             0 1 2 3 4 5 6");
    let try_one = |failure: Failure, stage: usize| {
        move || {
            runtime()?.block_on(async {
                let mut server = Running::start(stage).await?;
                failure(&mut server).await
            })
        }
    };
    let rows = thread::scope(|scope| {
        let start = |(name, failure)| {
            let tries: Vec<_> = (0..=SAFEGUARDS.len())
                .map(|stage| scope.spawn(try_one(failure, stage)))
                .collect();
            (name, tries)
        };
        let rows: Vec<_> = FAILURES.into_iter().map(start).collect();
        rows.into_iter()
            .map(|(name, tries)| {
                let row = tries.into_iter().map(|it| {
                    let holds = it.join().expect("a client does not panic")?;
                    io::Result::Ok(if holds { " +" } else { " ." })
                });
                Ok((name, row.collect::<io::Result<String>>()?))
            })
            .collect::<io::Result<Vec<_>>>()
    })?;
    for (name, row) in rows {
        println!("{name:39}{row}");
    }
    for (number, safeguard) in (1..).zip(SAFEGUARDS) {
        println!("{number}: {safeguard}");
    }
    Ok(())
}
