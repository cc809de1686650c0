//! One task waits for a socket, and another one goes on.

use std::cell::Cell;
use std::rc::Rc;

use super::{Asks, Line, Scheduler, Trap, connect, listen, reader};
use crate::coroutine::{Coroutine, Raised};

/// Prints while the server waits for its first client, then is that client.
///
/// # Errors
///
/// The system gives no socket.
pub fn alive() -> Result<(), Raised> {
    let (listener, address) = listen()?;
    let served = Rc::new(Cell::new(false));
    let mut scheduler = Scheduler::new(Asks::InTheLoop)?;
    let told = served.clone();
    scheduler.spawn(Coroutine::new(|co| async move {
        reader(co, "server", listener).await?;
        told.set(true);
        Ok(())
    }));
    scheduler.spawn(Coroutine::new(move |co: Line| async move {
        for _ in 0..3 {
            println!("I'm alive!");
            co.yield_(Trap::Pause).await?;
        }
        let _client = connect(address)?;
        while !served.get() {
            co.yield_(Trap::Pause).await?;
        }
        println!("I'm still alive!");
        Ok(())
    }));
    while !scheduler.tasks.is_empty() {
        scheduler.run(1)?;
    }
    Ok(())
}
