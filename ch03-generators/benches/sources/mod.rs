//! A source of events that one would use at work: quick-xml, which is pulled.

use std::error::Error;
use std::fmt;

use ch03_generators::events::event::Event;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event as Found};

/// What quick-xml refused, with its position.
#[derive(Debug)]
pub struct Refused(u64, String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "byte {}: {}", self.0, self.1)
    }
}

impl Error for Refused {}

/// Iterates over the events of a document; entities are texts of their own.
pub fn quick_xml(
    xml: &str,
) -> impl Iterator<Item = Result<Event, Refused>> + '_ {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut open = 0;
    std::iter::from_fn(move || {
        loop {
            let event = match next(&mut reader, &mut open) {
                Ok(Some(event)) => Ok(event),
                Ok(None) => return None,
                Err(error) => {
                    Err(Refused(reader.error_position(), error.to_string()))
                }
            };
            match event {
                // What is outside of the root, and comments.
                Ok(Event::Text(text)) if open == 0 || text.is_empty() => {}
                event => return Some(event),
            }
        }
    })
}

fn next(
    reader: &mut Reader<&[u8]>,
    open: &mut u32,
) -> Result<Option<Event>, Box<dyn Error>> {
    Ok(Some(match reader.read_event()? {
        Found::Eof if *open == 0 => return Ok(None),
        Found::Eof => return Err("unexpected end".into()),
        Found::Start(tag) => {
            *open += 1;
            start(&tag)?
        }
        Found::End(tag) => {
            *open -= 1;
            Event::End(String::from_utf8(tag.name().0.to_vec())?)
        }
        Found::Text(text) => Event::Text(text.xml10_content()?.into_owned()),
        Found::CData(text) => Event::Text(text.xml10_content()?.into_owned()),
        Found::GeneralRef(entity) => match entity.resolve_char_ref()? {
            Some(letter) => Event::Text(letter.to_string()),
            None => resolve_predefined_entity(&entity.decode()?)
                .map(|text| Event::Text(text.to_string()))
                .ok_or("an unknown entity")?,
        },
        _ => Event::Text(String::new()),
    }))
}

fn start(tag: &BytesStart) -> Result<Event, Box<dyn Error>> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute?;
        let key = String::from_utf8(attribute.key.0.to_vec())?;
        attributes.push((key, attribute.unescape_value()?.into_owned()));
    }
    let name = String::from_utf8(tag.name().0.to_vec())?;
    Ok(Event::Start(name, attributes))
}
