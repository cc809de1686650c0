//! The stages do not know where their events come from.
//!
//! New: three sources of XML events, one that is asked, one that calls back, and
//! one that is a plain loop, under stages that none of them changes.
//!
//! cargo run -p ch03-generators -- events

use std::error::Error;
use std::sync::mpsc;

use crate::coroutine::{Coroutine, Raised, Resumable};

mod attributes;
mod document;
mod encoding;
pub mod event;
pub mod fleet;
pub mod parser;
pub mod scanner;
pub mod stages;
mod token;

use event::{Event, Malformed};
use fleet::fleet;
use parser::Parser;
use scanner::Scanner;
use stages::{Bus, events, merge_text, only, row, rows, threaded, to_buses};

/// Makes the stages: events in, rows of northward buses of route 22 out.
///
/// # Errors
///
/// None: no stage fails before it is sent something.
pub fn pipeline<'a>(
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
pub fn merging_pipeline<'a>(
    print: impl FnMut(String) + 'a,
) -> Result<Coroutine<'a, (), Event>, Raised> {
    let pipeline = pipeline(print)?;
    Coroutine::new(|co| merge_text(co, pipeline)).primed()
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

    let one = b"<bus id=\"7\"><route>22</route></bus>";
    let print = |event| println!("event: {event}");
    let mut target = Coroutine::new(|co| events(co, print)).primed()?;
    send_all(Scanner::new(one), &mut target)?;

    let mut count = 0;
    let counted = Coroutine::new(|co| events(co, |_| count += 1)).primed()?;
    let mut target = Coroutine::new(|co| merge_text(co, counted)).primed()?;
    send_all(Scanner::new(bytes), &mut target)?;
    drop(target);
    println!("{} buses, {count} events", 16 * fleet::ONE_IN);

    let print = |row| println!("{row}");
    send_all(Scanner::new(bytes), &mut pipeline(print)?)?;

    count = 0;
    pull_rows(Scanner::new(bytes), |_| count += 1)?;
    println!("a loop that pulls: {count} rows");

    let (found, rows) = mpsc::channel();
    let print = move |row| found.send(row).unwrap_or_default();
    let stages = Coroutine::new(|co| threaded(co, move || pipeline(print)));
    send_all(Scanner::new(bytes), &mut stages.primed()?)?;
    println!("stages in a thread: {} rows", rows.iter().count());

    count = 0;
    let mut target = pipeline(|_| count += 1)?;
    parse_all(bytes.chunks(7), &mut target)?;
    drop(target);
    println!("parser, seven bytes at a time: {count} rows");

    count = 0;
    let mut target = merging_pipeline(|_| count += 1)?;
    parse_all(bytes.chunks(7), &mut target)?;
    drop(target);
    println!("the same, with merged text: {count} rows");

    count = 0;
    let mut target = pipeline(|_| count += 1)?;
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
