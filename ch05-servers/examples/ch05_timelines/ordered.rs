//! Two messages, and when each letter of their echo arrives.

use std::io;

use ch05_servers::ordered::{serve, serve_broken};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use crate::Done;
use crate::trace::Trace;

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn run(ordered: bool) -> Done {
    let trace = Trace::start("virtual");
    let (mut ours, theirs) = duplex(1024);
    let server = async {
        match ordered {
            false => serve_broken(theirs).await,
            true => serve(theirs).await,
        }
    };
    let client = async {
        ours.write_all(b"MAYDAY\nover\n").await?;
        ours.shutdown().await?;
        trace.tell("MAYDAY", "waits", "");
        trace.tell("over", "waits", "");
        let mut left = [("MAYDAY", 6), ("over", 4)];
        // By its case a letter tells what message it is of.
        while let Ok(letter) = ours.read_u8().await {
            let letter = char::from(letter);
            let (lane, left) = &mut left[usize::from(letter.is_lowercase())];
            trace.tell(lane, "mark", &letter.to_string());
            *left -= 1;
            if *left == 0 {
                trace.tell(lane, "ends", "");
            }
        }
        io::Result::Ok(())
    };
    let (served, asked) = tokio::join!(server, client);
    served?;
    asked?;
    Ok(())
}
