//! All pages as one file for an e-book reader, made from the finished HTML.
//!
//! An e-book reader wants XHTML, runs no scripts and follows no link to a page
//! that it does not have.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use epub_builder::{
    EpubBuilder, EpubContent, EpubVersion, Result as EpubResult, ZipLibrary,
};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};

use crate::fault::Fault;
use crate::links::normal;
use crate::pages::{Page, Pages};

/// The name of the file in the book's folder.
pub const NAME: &str = "spinning-plates.epub";

const STYLE: &str = include_str!("../theme/epub.css");

/// The pages that are about the others: a reader has its own.
struct Entry {
    title: String,
    /// `ch01-threads/spinner`, without an ending.
    page: String,
    level: i32,
}

/// Writes the book that was built at `out` as one file there; returns its path.
///
/// # Errors
///
/// A page is not there, or the file cannot be written.
pub fn write(root: &Path, out: &Path) -> Result<PathBuf, Fault> {
    let path = out.join(NAME);
    let fault = |what: String| Fault::new(path.to_string_lossy(), 0, what);
    let (sources, _) = Pages::read(root);
    let entries: Vec<Entry> = sources.iter().map(Entry::of).collect();
    let known: BTreeSet<&str> =
        entries.iter().map(|entry| &entry.page[..]).collect();
    let mut pages = Vec::new();
    for entry in &entries {
        let file = out.join(format!("{}.html", entry.page));
        let html = fs::read_to_string(&file)
            .map_err(|err| fault(format!("{}: {err}", file.display())))?;
        let main = html.split_once("<main>");
        let main = main.and_then(|(_, rest)| rest.split_once("</main>"));
        let (main, _) = main
            .ok_or_else(|| fault(format!("{} has no text", file.display())))?;
        pages.push(page(entry, main, &known));
    }
    let written = bind(&path, &entries, &pages);
    written.map_err(|err| fault(err.to_string()))?;
    Ok(path)
}

fn bind(path: &Path, entries: &[Entry], pages: &[String]) -> EpubResult<()> {
    let mut book = EpubBuilder::new(ZipLibrary::new()?)?;
    book.epub_version(EpubVersion::V30);
    book.metadata("title", "Spinning Plates")?;
    book.metadata("author", "The authors of Spinning Plates")?;
    book.metadata("lang", "en")?;
    book.metadata("toc_name", "Contents")?;
    let about = "Concurrency in Rust for people who know it from Python";
    book.metadata("description", about)?;
    let figures = include_str!("../theme/figures.css");
    book.stylesheet(format!("{STYLE}\n{figures}").as_bytes())?;
    for (entry, text) in entries.iter().zip(pages) {
        let file = format!("{}.xhtml", entry.page);
        let content = EpubContent::new(file, text.as_bytes());
        book.add_content(content.title(&entry.title).level(entry.level))?;
    }
    book.generate(File::create(path)?)
}

impl Entry {
    fn of(page: &Page) -> Entry {
        let address = page.address.trim_end_matches(".md");
        Entry {
            title: page.title.replace('`', ""),
            page: address.to_string(),
            level: if page.is_part() { 2 } else { 1 },
        }
    }
}

/// Returns a page as XHTML.
fn page(entry: &Entry, main: &str, known: &BTreeSet<&str>) -> String {
    let up = "../".repeat(entry.page.matches('/').count());
    let mut title = String::new();
    push(&entry.title, &mut title);
    let sink = Writer(RefCell::new(Xhtml {
        page: &entry.page,
        known,
        out: String::new(),
        open: Vec::new(),
        dropped: 0,
    }));
    let tokenizer = Tokenizer::new(sink, Default::default());
    let input = BufferQueue::default();
    input.push_back(main.into());
    // There are no scripts to run in between, so that it is one go.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let body = tokenizer.sink.0.into_inner().end();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" \
         xml:lang=\"en\"><head><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"{up}stylesheet.css\"/></head>\
         <body class=\"content\">{body}</body></html>\n"
    )
}

const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// Left out with all that is in them: they need a script, or a server.
const DROPPED: &[&str] = &[
    "script", "style", "template", "button", "select", "textarea", "output",
];

/// Left out themselves; what is in them stays.
const OPENED: &[&str] = &["noscript", "form", "fieldset", "legend", "label"];

/// What HTML writes in small letters and SVG does not.
const MIXED: &[&str] = &[
    "viewBox",
    "preserveAspectRatio",
    "markerWidth",
    "markerHeight",
    "refX",
    "refY",
    "textLength",
    "pathLength",
    "gradientUnits",
    "patternUnits",
    "clipPath",
    "linearGradient",
    "textPath",
];

/// Writes tags and text so that XML's stricter rules are kept.
struct Xhtml<'a> {
    page: &'a str,
    known: &'a BTreeSet<&'a str>,
    out: String,
    open: Vec<String>,
    /// How many of the open elements are left out.
    dropped: usize,
}

impl Xhtml<'_> {
    fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let hidden = tag.attrs.iter().any(|a| &*a.name.local == "hidden");
        let void = VOID.contains(&name) || tag.self_closing;
        if self.dropped > 0 || DROPPED.contains(&name) || hidden {
            if !void && name != "input" {
                self.dropped += 1;
            }
            return;
        }
        if OPENED.contains(&name) || name == "input" {
            return;
        }
        self.out += &format!("<{}", cased(name));
        for attr in &tag.attrs {
            let (key, value) = (&*attr.name.local, &*attr.value);
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if !key.chars().all(plain) || key == "tabindex" || key == "open" {
                continue;
            }
            let value = match (name, key) {
                ("a", "href") => match self.link(value) {
                    Some(link) => link,
                    None => continue,
                },
                _ => value.to_string(),
            };
            self.out += &format!(" {}=\"", cased(key));
            push(&value, &mut self.out);
            self.out.push('"');
        }
        match name {
            // An element of its own language, which HTML knows by its name.
            "svg" if !tag.attrs.iter().any(|a| &*a.name.local == "xmlns") => {
                self.out += " xmlns=\"http://www.w3.org/2000/svg\"";
            }
            // Not every reader can unfold it.
            "details" => self.out += " open=\"open\"",
            _ => {}
        }
        if void {
            self.out += "/>";
        } else {
            self.out.push('>');
            self.open.push(name.to_string());
        }
    }

    fn end_tag(&mut self, name: &str) {
        if self.dropped > 0 {
            if !VOID.contains(&name) && name != "input" {
                self.dropped -= 1;
            }
            return;
        }
        // An end tag without its start tag is dropped; any other closes what is
        // open inside its element.
        if self.open.iter().any(|open| open == name) {
            while let Some(open) = self.open.pop() {
                self.out += &format!("</{}>", cased(&open));
                if open == name {
                    break;
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.dropped == 0 {
            push(text, &mut self.out);
        }
    }

    /// Returns where a link leads within the e-book, if it leads anywhere.
    fn link(&self, target: &str) -> Option<String> {
        if target.contains("://") || target.starts_with('#') {
            return Some(target.to_string());
        }
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, format!("#{anchor}")),
            None => (target, String::new()),
        };
        let folder = Path::new(self.page).parent().unwrap_or(Path::new(""));
        let to = normal(&folder.join(path.strip_suffix(".html")?));
        let to = to.to_string_lossy().replace('\\', "/");
        let file = path.strip_suffix(".html")?;
        self.known
            .contains(&to[..])
            .then(|| format!("{file}.xhtml{anchor}"))
    }

    fn end(mut self) -> String {
        while let Some(open) = self.open.pop() {
            self.out += &format!("</{}>", cased(&open));
        }
        self.out
    }
}

fn cased(name: &str) -> &str {
    let mixed = MIXED.iter().find(|mixed| mixed.eq_ignore_ascii_case(name));
    mixed.copied().unwrap_or(name)
}

/// Writes text as XML. What it cannot hold, such as the codes that colour a
/// terminal, becomes the sign for that.
fn push(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => *out += "&amp;",
            '<' => *out += "&lt;",
            '>' => *out += "&gt;",
            '"' => *out += "&quot;",
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
}

/// Takes down what the tokenizer finds.
struct Writer<'a>(RefCell<Xhtml<'a>>);

impl TokenSink for Writer<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut xhtml = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                xhtml.start(&tag);
                // A script's text is no markup; only the sink knows.
                if matches!(&*tag.name, "script" | "style") {
                    return TokenSinkResult::RawData(
                        html5ever::tokenizer::states::RawKind::ScriptData,
                    );
                }
            }
            Token::TagToken(tag) => xhtml.end_tag(&tag.name),
            Token::CharacterTokens(text) => xhtml.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xhtml(main: &str) -> String {
        let entry = Entry {
            title: "A".to_string(),
            page: "ch/a".to_string(),
            level: 1,
        };
        let text = page(&entry, main, &BTreeSet::from(["ch/a", "b"]));
        let (_, body) = text.split_once("<body class=\"content\">").unwrap();
        body.trim_end()
            .trim_end_matches("</body></html>")
            .to_string()
    }

    #[test]
    fn what_html_leaves_open_is_closed() {
        assert_eq!(xhtml("<p>a<br>b<p hidden>c</p>"), "<p>a<br/>b</p>");
        assert_eq!(xhtml("<ul><li>a</ul>b</p>"), "<ul><li>a</li></ul>b");
    }

    #[test]
    fn links_lead_to_pages_of_the_book_or_nowhere() {
        assert_eq!(
            xhtml("<a href='../b.html#c'>b</a><a href='../d.html'>d</a>"),
            "<a href=\"../b.xhtml#c\">b</a><a>d</a>"
        );
    }

    #[test]
    fn what_needs_a_script_is_left_out_and_the_rest_stays() {
        let form = "<form><label>x<input type=range></label>\
                    <button>b<i>c</i></button></form><script>a<b</script>";
        assert_eq!(xhtml(form), "x");
        assert_eq!(xhtml("<noscript>&lt;\u{1b}</noscript>"), "&lt;\u{fffd}");
    }

    #[test]
    fn svg_has_its_namespace_and_its_capitals() {
        assert_eq!(
            xhtml("<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>"),
            "<svg viewBox=\"0 0 1 1\" xmlns=\"http://www.w3.org/2000/svg\">\
             <path d=\"M0 0\"/></svg>"
        );
    }
}
