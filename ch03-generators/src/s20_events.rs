//! The stages do not know where their events come from.
//!
//! New: three sources of XML events, one that is asked, one that calls back, and
//! one that is a plain loop, under stages that none of them changes.
//!
//! cargo run -p ch03-generators -- events

use std::collections::BTreeMap;
use std::error::Error;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};

mod document;
pub mod event;
pub mod fleet;
pub mod parser;
pub mod scanner;
mod token;

use event::{Event, Malformed};
use fleet::fleet;
use parser::Parser;
use scanner::Scanner;

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

/// Sends on whole texts: put it before a stage that wants them.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 3,
/// the exercise with the text collector.
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

fn row(bus: &Bus) -> String {
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

/// Makes the stages: events in, rows of northward buses of route 22 out.
///
/// # Errors
///
/// None: no stage fails before it is sent something.
pub fn stages<'a>(
    print: impl FnMut(String) + 'a,
) -> Result<Coroutine<'a, (), Event>, Raised> {
    let rows = Coroutine::new(|co| rows(co, print)).primed()?;
    let north = Coroutine::new(|co| only(co, "direction", "North Bound", rows));
    let north = north.primed()?;
    let route = Coroutine::new(|co| only(co, "route", "22", north)).primed()?;
    Coroutine::new(|co| to_buses(co, route)).primed()
}

/// Makes the stages, with one more in front.
///
/// # Errors
///
/// None: no stage fails before it is sent something.
pub fn merging_stages<'a>(
    print: impl FnMut(String) + 'a,
) -> Result<Coroutine<'a, (), Event>, Raised> {
    let stages = stages(print)?;
    Coroutine::new(|co| merge_text(co, stages)).primed()
}

/// Sends what a source brings when it is asked, and closes the target.
///
/// # Errors
///
/// The source's, or the target's. What was sent before it stands.
pub fn send_all<E: Into<Raised>>(
    events: impl IntoIterator<Item = Result<Event, E>>,
    target: &mut impl Resumable<Event, Yield = ()>,
) -> Result<(), Raised> {
    for event in events {
        match event {
            Ok(event) => target.send(event).yielded()?,
            Err(error) => {
                target.close()?;
                return Err(error.into());
            }
        }
    }
    target.close()?;
    Ok(())
}

/// Feeds a parser with pieces of a document, and closes the target.
///
/// # Errors
///
/// The parser's, or the target's. What was sent before it stands.
pub fn parse_all<'p>(
    pieces: impl IntoIterator<Item = &'p [u8]>,
    target: &mut impl Resumable<Event, Yield = ()>,
) -> Result<(), Raised> {
    let mut parser = Parser::new(|event| target.send(event).yielded());
    let parsed = pieces.into_iter().try_for_each(|p| parser.feed(p));
    let end = parsed.and_then(|()| parser.finish());
    target.close()?;
    end
}

/// Does the same without any stage: a loop that pulls, with the same answer.
///
/// # Errors
///
/// The source's.
pub fn pull_rows(
    events: impl IntoIterator<Item = Result<Event, Malformed>>,
    mut print: impl FnMut(String),
) -> Result<(), Malformed> {
    let (mut bus, mut text) = (Bus::new(), String::new());
    for event in events {
        match event? {
            Event::Start(name, attributes) if name == "bus" => {
                bus = Bus::from_iter(attributes);
            }
            Event::Start(..) => text.clear(),
            Event::Text(piece) => text += &piece,
            Event::End(name) if name == "bus" => {
                let is = |name, value: &str| {
                    bus.get(name).is_some_and(|text| text == value)
                };
                if is("route", "22") && is("direction", "North Bound") {
                    print(row(&bus));
                }
            }
            Event::End(name) => {
                bus.insert(name, std::mem::take(&mut text));
            }
        }
    }
    Ok(())
}

/// Asks for the northward buses of route 22, in several ways.
///
/// # Errors
///
/// None: the document is well formed, until it is cut.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let xml = fleet(22, 16 * fleet::ONE_IN);
    let bytes = xml.as_bytes();

    let print = |row| println!("{row}");
    send_all(Scanner::new(bytes), &mut stages(print)?)?;

    let mut count = 0;
    pull_rows(Scanner::new(bytes), |_| count += 1)?;
    println!("a loop that pulls: {count} rows");

    count = 0;
    let mut target = stages(|_| count += 1)?;
    parse_all(bytes.chunks(7), &mut target)?;
    drop(target);
    println!("parser, seven bytes at a time: {count} rows");

    count = 0;
    let mut target = merging_stages(|_| count += 1)?;
    parse_all(bytes.chunks(7), &mut target)?;
    drop(target);
    println!("the same, with merged text: {count} rows");

    count = 0;
    let mut target = stages(|_| count += 1)?;
    let half = &bytes[..bytes.len() / 2];
    let end = send_all(Scanner::new(half), &mut target);
    drop(target);
    match end {
        Ok(()) => println!("half a document is one"),
        Err(raised) => println!("{count} rows, then {raised}"),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
