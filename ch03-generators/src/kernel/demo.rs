//! The same holes, closed.
//!
//! New: `crate::kernel`, the operating system whole. A task ends when it ends,
//! its failure is raised in the tasks that wait for it, and none is lost.
//!
//! cargo run -p ch03-generators -- kernel

use std::error::Error;
use std::io;
use std::panic::resume_unwind;

use crate::coroutine::{Except, Raised};
use crate::kernel::{Failure, Os, Scheduler, Tid};

/// Never ends by itself.
async fn endless(os: Os) -> Result<(), Raised> {
    loop {
        os.pause().await?;
    }
}

/// Waits for a task, and says how that ended.
async fn tell(os: &Os, tid: Tid) -> Result<String, Raised> {
    Ok(match os.wait(tid).await.except_any()? {
        Ok(true) => "it returned".to_string(),
        Ok(false) => "there is none".to_string(),
        Err(error) => error.to_string(),
    })
}

/// A killed task is dead at once, wherever it waited.
pub async fn kill(os: Os) -> Result<(), Raised> {
    let long = os.spawn(endless).await?;
    let waiter = move |os: Os| async move { os.wait(long).await.map(|_| ()) };
    let waiter = os.spawn(waiter).await?;
    os.pause().await?;
    println!("kill a task that waits: {}", os.kill(waiter).await?);
    println!("wait for it: {}", tell(&os, waiter).await?);
    println!("kill it again: {}", os.kill(waiter).await?);
    os.kill(long).await?;
    Ok(())
}

/// An error and a panic end their own task, and reach the task that waits.
pub async fn failures(os: Os) -> Result<(), Raised> {
    let raises = |_| async { Err(Raised::message("client reset")) };
    let raises = os.spawn(raises).await?;
    println!("a task that raised: {}", tell(&os, raises).await?);
    // A panic without the panic hook, which would write to stderr.
    let panics = |_| async { resume_unwind(Box::new("on purpose")) };
    let panics = os.spawn(panics).await?;
    println!("a task that panicked: {}", tell(&os, panics).await?);
    let returns = os.spawn(|os| async move { os.pause().await }).await?;
    println!("a task that did neither: {}", tell(&os, returns).await?);
    Ok(())
}

/// A task that would wait for itself gets an error.
pub async fn deadlock(os: Os) -> Result<(), Raised> {
    let me = os.tid().await?;
    println!("wait for oneself: {}", tell(&os, me).await?);
    let child = move |os: Os| async move { os.wait(me).await.map(|_| ()) };
    // The child waits first, so that this closes the circle.
    let child = os.spawn(child).await?;
    println!("wait for one's waiter: {}", tell(&os, child).await?);
    Ok(())
}

/// Lets others run, though it is a subroutine, and fails.
async fn subroutine(os: &Os) -> Result<(), Raised> {
    println!("subroutine: after you");
    os.pause().await?;
    println!("subroutine: back again");
    Err(io::Error::other("in a subroutine").into())
}

/// A call is an `await`, and there is nothing to lose on the way.
pub async fn calls(os: Os) -> Result<(), Raised> {
    os.detach(|_| async {
        println!("other: at last");
        Ok(())
    })
    .await?;
    if let Err(error) = subroutine(&os).await.except_any()? {
        println!("caller: caught {error}");
    }
    let inside = os.spawn(|os| async move {
        endless(os).await?;
        println!("never printed");
        Ok(())
    });
    let inside = inside.await?;
    os.kill(inside).await?;
    println!("killed in a subroutine: {}", tell(&os, inside).await?);
    Ok(())
}

/// A task that waits for a socket gets something, or an error that says why not.
pub async fn sockets(os: Os) -> Result<(), Raised> {
    let listener = os.listen(([127, 0, 0, 1], 0).into())?;
    let near = os.connect(listener.address()?).await?;
    let far = listener.accept(&os).await?;
    let mut readers = Vec::new();
    for _ in 0..3 {
        let near = near.clone();
        let reader = move |os: Os| async move {
            near.recv(&os, &mut [0]).await?;
            Ok(())
        };
        readers.push(os.spawn(reader).await?);
    }
    os.pause().await?;
    let last = readers[2];
    os.kill(last).await?;
    println!("killed at a socket: {}", tell(&os, last).await?);
    far.send(&os, b"x").await?;
    println!("first reader: {}", tell(&os, readers[0]).await?);
    // One byte, two readers: the other one goes on waiting.
    near.close();
    match os.wait(readers[1]).await.except::<Failure>()? {
        Ok(_) => println!("second reader: it returned"),
        Err(_) => println!("second reader: error, the stream is closed"),
    }
    Ok(())
}

/// Runs each of these, and ends.
///
/// # Errors
///
/// The system gives no socket.
pub fn demo() -> Result<(), Box<dyn Error>> {
    super::steps::demo();
    // One scheduler for all: each run ends when its tasks have ended.
    let mut scheduler = Scheduler::new()?;
    scheduler.spawn(kill);
    scheduler.run()?;
    scheduler.spawn(failures);
    scheduler.run()?;
    scheduler.spawn(deadlock);
    scheduler.run()?;
    scheduler.spawn(calls);
    scheduler.run()?;
    scheduler.spawn(sockets);
    scheduler.run()?;
    println!("all have ended: {:?}", scheduler.load());
    Ok(())
}
