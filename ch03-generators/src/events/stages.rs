//! What is done with events, wherever they come from.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};

use super::event::Event;

/// A bus: its fields by name.
pub type Bus = BTreeMap<String, String>;

/// Waits for the next item; `next()` brings none.
async fn receive<S>(co: &Co<'_, (), S>) -> Result<S, Raised> {
    loop {
        if let Some(item) = co.yield_(()).await? {
            return Ok(item);
        }
    }
}

/// Runs a stage to its end, then closes what it feeds, whatever the end was.
async fn feeding<S, T: Resumable<S, Yield = ()>>(
    mut target: T,
    stage: impl AsyncFnOnce(&mut T) -> Result<(), Raised>,
) -> Result<(), Raised> {
    let end = stage(&mut target).await;
    target.close()?;
    end
}

/// Calls `print` with a line for each event, as it comes.
pub async fn events(
    co: Co<'_, (), Event>,
    mut print: impl FnMut(String),
) -> Result<(), Raised> {
    loop {
        print(receive(&co).await?.to_string());
    }
}

/// Is sent events, sends on a [`Bus`] at each `</bus>`.
///
/// Two loops are its two states: between buses, and within one. It keeps the
/// last piece of each text, so that texts have to come whole.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 3.
pub async fn to_buses(
    co: Co<'_, (), Event>,
    target: impl Resumable<Bus, Yield = ()>,
) -> Result<(), Raised> {
    feeding(target, async |target| {
        loop {
            let mut bus = match receive(&co).await? {
                Event::Start(name, attributes) if name == "bus" => {
                    Bus::from_iter(attributes)
                }
                _ => continue,
            };
            let mut text = String::new();
            loop {
                match receive(&co).await? {
                    Event::Start(..) => text.clear(),
                    Event::Text(piece) => text = piece,
                    Event::End(name) if name == "bus" => break,
                    Event::End(name) => {
                        bus.insert(name, std::mem::take(&mut text));
                    }
                }
            }
            target.send(bus).yielded()?;
        }
    })
    .await
}

/// How many events may wait for the thread before the sender has to wait.
const QUEUE: usize = 64;

/// Runs the stages that `make` makes in a thread of their own.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 4.
pub async fn threaded(
    co: Co<'_, (), Event>,
    make: impl FnOnce() -> Result<Coroutine<'static, (), Event>, Raised>
    + Send
    + 'static,
) -> Result<(), Raised> {
    let (queue, events) = sync_channel(QUEUE);
    let stages = thread::spawn(move || {
        let mut stages = make()?;
        for event in events {
            stages.send(event).yielded()?;
        }
        stages.close().map(drop)
    });
    let end = loop {
        match receive(&co).await.map(|event| queue.send(event)) {
            Ok(Ok(())) => {}
            // The stages have ended: `join` says why.
            Ok(Err(_)) => break Ok(()),
            Err(end) => break Err(end),
        }
    };
    // The thread's loop ends with the queue.
    drop(queue);
    let panicked = |_| Err(Raised::message("the thread panicked"));
    stages.join().unwrap_or_else(panicked)?;
    end
}

/// Sends on whole texts: put it before a stage that wants them.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 3.
pub async fn merge_text(
    co: Co<'_, (), Event>,
    target: impl Resumable<Event, Yield = ()>,
) -> Result<(), Raised> {
    feeding(target, async |target| {
        let mut text = String::new();
        loop {
            match receive(&co).await? {
                Event::Text(piece) => text += &piece,
                tag => {
                    if !text.is_empty() {
                        let whole = std::mem::take(&mut text);
                        target.send(Event::Text(whole)).yielded()?;
                    }
                    target.send(tag).yielded()?;
                }
            }
        }
    })
    .await
}

/// Sends on the buses whose `field` is `value`.
pub async fn only(
    co: Co<'_, (), Bus>,
    field: &str,
    value: &str,
    target: impl Resumable<Bus, Yield = ()>,
) -> Result<(), Raised> {
    feeding(target, async |target| {
        loop {
            let bus = receive(&co).await?;
            if bus.get(field).is_some_and(|text| text == value) {
                target.send(bus).yielded()?;
            }
        }
    })
    .await
}

/// Calls `print` with a row for each bus.
pub async fn rows(
    co: Co<'_, (), Bus>,
    mut print: impl FnMut(String),
) -> Result<(), Raised> {
    loop {
        print(row(&receive(&co).await?));
    }
}

/// Formats a bus as a row of a table.
pub fn row(bus: &Bus) -> String {
    let field = |name| bus.get(name).map_or("", String::as_str);
    format!(
        "{},{},\"{}\",{},{}",
        field("route"),
        field("id"),
        field("direction"),
        field("latitude"),
        field("longitude")
    )
}
