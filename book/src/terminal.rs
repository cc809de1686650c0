//! Terminal recordings: what moves, as frames of text.
//!
//! The page holds the last frame, and all of them in a list. `theme/terminal.js`
//! swaps the one for the others; without it nothing is lost but the motion.

use std::path::Path;

use anyhow::Result;
use artifacts::cast::Cast;
use artifacts::room::Room;

use crate::html::{command, escape};
use crate::provenance;
use crate::timeline::is_current;

/// A recording, ready to be shown.
pub struct Terminal {
    cast: Cast,
    /// The file that it is.
    path: String,
}

impl Terminal {
    /// Reads the recording `CHAPTER/SLUG` or `CHAPTER/SLUG.NAME`.
    ///
    /// # Errors
    ///
    /// No such recording; one that cannot be read, or was recorded from another
    /// version of its section.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let (room, name) = Room::of_run(root, name)?;
        let path = room.recorded(name, "cast");
        let cast = room.parse(&path, Cast::parse)?;
        let place = format!("{path}:1");
        is_current(&room, &cast.header.section, &place)?;
        Ok(Terminal { cast, path })
    }

    /// Returns command, screen, frames and provenance.
    pub fn figure(&self) -> String {
        let Terminal { cast, path } = self;
        let run = format!("{}{}\"", provenance::MARK, escape(path));
        let frames = cast.frames();
        let seconds = cast.writes.last().map_or(0.0, |(at, _)| *at);
        let lines = frames.iter().map(|frame| frame.text.lines().count());
        let mut list = String::new();
        for frame in &frames {
            list += &format!(
                "<li data-ms=\"{:.0}\"><samp {run}>{}</samp></li>",
                frame.at * 1000.0,
                escape(&frame.text)
            );
        }
        format!(
            "<figure class=\"terminal\">{}<pre class=\"output screen\" \
             tabindex=\"0\" role=\"group\" aria-label=\"Terminal\" \
             style=\"--lines:{}\"><samp {run}>{}</samp></pre>\
             <figcaption><span class=\"badge luck\">one run</span> \
             What a terminal showed in {seconds:.1} s. \
             <span class=\"when\">Recorded on {}.</span></figcaption>\
             <details><summary>All {} frames</summary><ol class=\"frames\">{}\
             </ol></details></figure>",
            command(&cast.header.command),
            lines.max().unwrap_or_default(),
            escape(&cast.last()),
            escape(&cast.header.recorded),
            frames.len(),
            list,
        )
    }
}
