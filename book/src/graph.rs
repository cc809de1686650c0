//! Which thread waits for which, where none can go on.

use artifacts::schedules::{Names, Stuck, Want};

use crate::html::escape;

/// The height of a row, and the middles of the two columns.
const ROW: usize = 64;
const LEFT: usize = 70;
const RIGHT: usize = 324;

/// Draws the threads that are stuck and what each of them waits for, and says
/// the same in a list; without any it draws nothing.
pub(crate) fn waits(names: Names, stuck: &[Stuck]) -> String {
    if stuck.is_empty() {
        return String::new();
    }
    let (mut shapes, mut arrows, mut list) =
        (String::new(), String::new(), String::new());
    for (row, wait) in stuck.iter().enumerate() {
        let y = row * ROW + ROW / 2;
        let (thread, what) =
            (names.thread(wait.thread), wait.want.words(names));
        shapes += &node(LEFT, y, &thread, wait.thread % 6, 16);
        shapes += &node(RIGHT, y, &what, 5, 3);
        arrows += &arrow((LEFT + 60, y), (RIGHT - 81, y), "waits-for");
        list += &format!(
            "<li>{} waits for {}, {}</li>",
            escape(&thread),
            escape(&what),
            match (wait.want, wait.holder) {
                // A thread's end is in no other thread's hands.
                (Want::End(_), _) => "which does not come".to_string(),
                (_, Some(holder)) => {
                    format!("which {} has", escape(&names.thread(holder)))
                }
                (_, None) => "where no thread notifies it".to_string(),
            }
        );
        let held_in = stuck.iter().position(|s| Some(s.thread) == wait.holder);
        if let Some(held_in) = held_in {
            let to = held_in * ROW + ROW / 2;
            arrows += &arrow((RIGHT - 80, y), (LEFT + 66, to), "held-by");
        }
    }
    format!(
        "<div class=\"stuck\"><p>No thread can go on:</p><ul>{list}</ul>\
         <svg viewBox=\"0 0 410 {}\" role=\"img\" aria-label=\"The same as a \
         graph\">{arrows}{shapes}\
         </svg><p class=\"key\"><span>—▸ waits for</span> <span>┄▸ is in the \
         hands of</span></p></div>",
        stuck.len() * ROW
    )
}

fn node(x: usize, y: usize, text: &str, lane: usize, round: usize) -> String {
    format!(
        "<g class=\"node lane-{lane}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" \
         height=\"32\" rx=\"{round}\"></rect><text x=\"{x}\" y=\"{}\" \
         text-anchor=\"middle\">{}</text></g>",
        if x == LEFT { x - 60 } else { x - 80 },
        y - 16,
        if x == LEFT { 120 } else { 160 },
        y + 5,
        escape(text)
    )
}

fn arrow(from: (usize, usize), to: (usize, usize), class: &str) -> String {
    let (mut y1, mut y2) = (from.1, to.1);
    // A way down leaves below the way there, one up above it.
    if y2 > y1 {
        (y1, y2) = (y1 + 11, y2 - 11);
    } else if y2 < y1 {
        (y1, y2) = (y1 - 11, y2 + 11);
    }
    let (dx, dy) = (to.0 as f64 - from.0 as f64, y2 as f64 - y1 as f64);
    format!(
        "<g class=\"{class}\"><line x1=\"{}\" y1=\"{y1}\" x2=\"{x2}\" \
         y2=\"{y2}\"></line><path d=\"M-8-4 0 0-8 4z\" \
         transform=\"translate({x2} {y2}) rotate({:.0})\"></path></g>",
        from.0,
        dy.atan2(dx).to_degrees(),
        x2 = to.0,
    )
}
