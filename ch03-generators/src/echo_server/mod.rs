//! The echo server: one task a client, under a scheduler of our own.
//!
//! New: it is a program. It outlives clients that are reset, rests when there
//! is no room for more, and on Ctrl-C serves its clients to their end.
//!
//! cargo run -p ch03-generators -- echo-server
//! cargo run -p ch03-generators -- echo-server --port 8000

use std::io;
use std::time::Duration;

use crate::coroutine::{Except, Raised};
use crate::kernel::{Failure, Listener, Os, Tx};
use crate::socket_objects::echo;

mod program;

pub use program::{Options, demo};

/// How long the server rests after an error in `accept`; doubles each time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Serves clients until the doorbell is rung, then those that are there for
/// `drain` longer.
///
/// A client's error ends that client.
///
/// # Errors
///
/// [`Raised::Exit`] when the task is killed.
pub async fn serve(
    os: Os,
    listener: Listener,
    drain: Duration,
) -> Result<(), Raised> {
    // Every client holds a sender: when none is left, no client is.
    let (here, gone) = os.channel::<()>(1);
    let accepting = |os| accept(os, listener, here);
    let accepting = os.spawn(accepting).await?;
    os.rung().await?;
    // It takes the listener with it: a new client is refused from here on.
    os.kill(accepting).await?;

    let draining = os
        .spawn(|os| async move { gone.recv(&os).await.map(|_| ()) })
        .await?;
    os.detach(move |os| async move {
        os.sleep(drain).await?;
        os.kill(draining).await?;
        Ok(())
    })
    .await?;
    // Killed or done: in either case this was it.
    let _ended = os.wait(draining).await.except::<Failure>()?;
    Ok(())
}

async fn accept(
    os: Os,
    listener: Listener,
    here: Tx<()>,
) -> Result<(), Raised> {
    let mut pause = SHORTEST_PAUSE;
    loop {
        match listener.accept(&os).await.except::<io::Error>()? {
            Ok(client) => {
                pause = SHORTEST_PAUSE;
                let here = here.clone();
                os.detach(|os| async move {
                    echo(os, client).await?;
                    drop(here);
                    Ok(())
                })
                .await?;
            }
            // When the process is out of file descriptors, the next `accept`
            // fails as fast as this one. The clients may give some back.
            Err(err) => {
                program::log(&format!("cannot accept: {err}"));
                os.sleep(pause).await?;
                pause = LONGEST_PAUSE.min(pause * 2);
            }
        }
    }
}
