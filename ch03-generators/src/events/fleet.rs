//! Bus data of any size, with a known answer.

use crate::pipeline::log::Dice;

const ROUTES: [&str; 5] = ["6", "22", "36", "147", "X9"];
const DIRECTIONS: [&str; 4] =
    ["North Bound", "South Bound", "East Bound", "West Bound"];
const STOPS: [&str; 4] = ["Clark & 5th", "Café Nord", "Ash", "<depot>"];

/// One of how many buses is on route 22 and northward bound.
pub const ONE_IN: usize = 54;

/// Returns a document of `count` buses, of which `count / ONE_IN`, rounded up,
/// are on route 22 and northward bound: the first and every 54th after it.
pub fn fleet(seed: u64, count: usize) -> String {
    let mut dice = Dice::new(seed);
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<!-- Every bus is made up. -->\n\
         <buses city=\"Exampleton\">\n",
    );
    for number in 0..count {
        let (route, direction) = if number % ONE_IN == 0 {
            ("22", "North Bound")
        } else {
            // Either on another route, or in another direction.
            match dice.below(2) {
                0 => (
                    ["6", "36", "147", "X9"][dice.below(4)],
                    DIRECTIONS[dice.below(4)],
                ),
                _ => (ROUTES[dice.below(5)], DIRECTIONS[1 + dice.below(3)]),
            }
        };
        let stop = STOPS[dice.below(4)].replace('&', "&amp;");
        let stop = stop.replace('<', "&lt;");
        let (latitude, longitude) =
            (dice.below(1_000_000), dice.below(1_000_000));
        xml += &format!(
            "  <bus id=\"{}\">\n    <route>{route}</route>\n    \
             <direction>{direction}</direction>\n    <stop>{stop}</stop>\n    \
             <latitude>41.{latitude:06}</latitude>\n    \
             <longitude>-87.{longitude:06}</longitude>\n    <wheelchair/>\n  \
             </bus>\n",
            1000 + number,
        );
    }
    xml + "</buses>\n"
}
