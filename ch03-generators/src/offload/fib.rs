//! Fibonacci numbers as a service: one large request beside many small ones.

use std::cell::Cell;
use std::io::{Error, ErrorKind};
use std::rc::Rc;
use std::time::Instant;

use crate::coroutine::Raised;
use crate::kernel::{Listener, Os, Scheduler, Stream};

/// The large request.
const LARGE: u8 = 32;

/// Where the server computes.
#[derive(Clone, Copy)]
enum Compute {
    InTheTask,
    InAThread,
}

fn fib(n: u8) -> u64 {
    match n {
        0 | 1 => n.into(),
        _ => fib(n - 1) + fib(n - 2),
    }
}

/// Answers requests, each a byte, with eight bytes each.
async fn serve(os: Os, client: Stream, compute: Compute) -> Result<(), Raised> {
    let mut request = [0];
    while client.recv(&os, &mut request).await? > 0 {
        let [n] = request;
        let answer = match compute {
            Compute::InTheTask => fib(n),
            Compute::InAThread => os.offload(move || fib(n)).await?,
        };
        client.send(&os, &answer.to_be_bytes()).await?;
    }
    Ok(())
}

/// Starts a task for each client.
async fn accept(
    os: Os,
    listener: Listener,
    compute: Compute,
) -> Result<(), Raised> {
    loop {
        let client = listener.accept(&os).await?;
        os.detach(move |os| serve(os, client, compute)).await?;
    }
}

/// Asks for one number.
async fn ask(os: &Os, server: &Stream, n: u8) -> Result<u64, Raised> {
    server.send(os, &[n]).await?;
    let (mut answer, mut received) = ([0; 8], 0);
    while received < answer.len() {
        match server.recv(os, &mut answer[received..]).await? {
            0 => return Err(Error::from(ErrorKind::UnexpectedEof).into()),
            n => received += n,
        }
    }
    Ok(u64::from_be_bytes(answer))
}

/// Asks for `fib(1)` again and again, until a request for `fib(LARGE)` has been
/// answered; prints how often.
async fn clients(os: Os, compute: Compute) -> Result<(), Raised> {
    let listener = os.listen(([127, 0, 0, 1], 0).into())?;
    let address = listener.address()?;
    let accepting = |os| accept(os, listener, compute);
    let accepting = os.spawn(accepting).await?;
    let small = os.connect(address).await?;
    ask(&os, &small, 1).await?;

    let done = Rc::new(Cell::new(false));
    let (has_answer, large) = (done.clone(), os.connect(address).await?);
    let start = Instant::now();
    os.spawn(move |os| async move {
        ask(&os, &large, LARGE).await?;
        has_answer.set(true);
        Ok(())
    })
    .await?;
    let mut answered = 0;
    while !done.get() {
        ask(&os, &small, 1).await?;
        answered += 1;
    }
    let rate = f64::from(answered) / start.elapsed().as_secs_f64();
    let place = match compute {
        Compute::InTheTask => "computed in the task",
        Compute::InAThread => "computed in a thread",
    };
    println!("{place}: {answered} small requests, {rate:.0} a second");
    os.kill(accepting).await?;
    Ok(())
}

/// Serves both ways.
///
/// # Errors
///
/// The system's.
pub(super) fn demo(
    scheduler: &mut Scheduler,
) -> Result<(), Box<dyn std::error::Error>> {
    for compute in [Compute::InTheTask, Compute::InAThread] {
        scheduler.spawn(move |os| clients(os, compute));
        scheduler.run()?;
    }
    Ok(())
}
