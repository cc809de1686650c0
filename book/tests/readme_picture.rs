//! README's picture is the timeline that the book draws, and up to date.

#![expect(
    clippy::unwrap_used,
    reason = "a timeline that cannot be read has failed the test"
)]

use std::path::Path;
use std::{env, fs};

use book::timeline::Timeline;

const RUN: &str = "ch04-async/blocking";
const PICTURE: &str = "book/blocking.svg";

/// The book's colours, light and dark, for a picture that stands alone.
const STYLE: &str = "\
svg { --bg: #ffffff; --fg: #1f2328; --quiet: #59636e; --edge: #d1d9e0;
      --links: #0969da; background: var(--bg); }
@media (prefers-color-scheme: dark) {
svg { --bg: #0d1117; --fg: #f0f6fc; --quiet: #9198a1; --edge: #3d444d;
      --links: #4493f8; }
}
text { fill: var(--fg); font: 13px sans-serif; }
.name, .blocks text { font-weight: 600; }
.grid { stroke: var(--edge); }
.runs rect { fill: var(--bg); stroke: var(--links); }
.waits line { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 3 3; }
.waits .end { stroke-dasharray: none; }
.holds rect { fill: var(--bg); stroke: var(--fg); stroke-width: 2.5; }
.blocks rect { fill: var(--bg); stroke: var(--fg); stroke-width: 1.5; }
.blocks line { stroke: var(--fg); opacity: 0.35; }
.mark line { stroke: var(--fg); stroke-width: 1.5; }
:is(.waits, .blocks, .mark) text {
  paint-order: stroke; stroke: var(--bg); stroke-width: 4px;
  stroke-linejoin: round;
}
";

/// Returns the figure's drawing as a file of its own.
fn picture(root: &Path) -> String {
    let figure = Timeline::read(root, RUN).unwrap().figure();
    let start = figure.find("<svg role=\"img\"").unwrap();
    let svg = &figure[start..];
    let svg = &svg[..svg.find("</svg>").unwrap() + "</svg>".len()];
    let svg = svg
        .replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1)
        .replacen("</desc>", &format!("</desc><style>{STYLE}</style>"), 1)
        // The table stands on the page, not here.
        .replacen("; the table below has every event", "", 1);
    // One element a line, so that a change can be read.
    svg.replace("><", ">\n<") + "\n"
}

#[test]
fn readme_shows_the_timeline_as_the_book_draws_it_today() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(&format!("]({PICTURE})")));
    let drawn = picture(&root);
    let file = root.join(PICTURE);
    if env::var_os("UPDATE_PICTURE").is_some() {
        fs::write(&file, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == drawn,
        "{PICTURE} is out of date: `UPDATE_PICTURE=1 cargo test -p book \
         --test readme_picture` draws it again"
    );
}
