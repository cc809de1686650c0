//! Three animals on one thread: typists who give way, and some who do not.

use std::time::Duration;

use ch04_async::animals::api::Api;
use ch04_async::animals::{ANIMALS, Screen, ask_all};
use tokio::sync::Barrier;

use crate::Done;
use crate::trace::Trace;

const DELAY: Duration = Duration::from_millis(200);
const TYPING: Duration = Duration::from_millis(4);

#[tokio::main(flavor = "current_thread")]
pub async fn run(blocks: bool) -> Done {
    let api = Api::start(DELAY).await?;
    let (screen, others) = (Screen::default(), Barrier::new(ANIMALS.len()));
    let trace = Trace::start("real");
    for animal in ANIMALS {
        trace.tell(animal, "waits", "asks");
    }
    ask_all(&api.url(), async |sentence| {
        // "The cow says …"
        let animal = sentence.split(' ').nth(1).unwrap_or_default();
        if blocks {
            trace.tell(animal, "blocks", "types");
            screen.type_out(&sentence, TYPING);
        } else {
            trace.tell(animal, "runs", "types");
            screen.type_broken(&sentence, TYPING, &others).await;
        }
        trace.tell(animal, "ends", "");
    })
    .await?;
    Ok(())
}
