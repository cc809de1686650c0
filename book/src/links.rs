//! What is wrong with the pages as they were built: dead links, dead anchors,
//! ids that are there twice, and anything that would need a network.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};

use crate::fault::Fault;
use crate::files;
use crate::pages::Pages;

/// Checks every link of the book at `out`, and that all its ids are unique.
///
/// # Errors
///
/// The book cannot be read.
pub fn check(sources: &Pages, out: &Path) -> Result<Vec<Fault>, Fault> {
    let mut pages = BTreeMap::new();
    let mut files = BTreeSet::new();
    let unreadable =
        |err: std::io::Error| Fault::new(out.to_string_lossy(), 0, err);
    // Links are resolved by their letters, so that no `..` may be in the way.
    let out = &out.canonicalize().map_err(unreadable)?;
    walk(out, &mut files).map_err(unreadable)?;
    for file in &files {
        // Whole files are our own pages: there is nothing to be found in them,
        // and there are more of them than of the others.
        let ours = file.starts_with(out.join(files::FOLDER));
        if !ours && file.extension().is_some_and(|e| e == "html") {
            let text = fs::read_to_string(file).map_err(unreadable)?;
            pages.insert(file.clone(), Page::read(&text));
        }
    }
    let mut faults = BTreeSet::new();
    for (file, page) in &pages {
        for (id, line) in &page.twice {
            let what = format!("the id `{id}` is there twice");
            faults.insert(Fault::new(file.to_string_lossy(), *line, what));
        }
        for link in &page.links {
            if let Some(what) = dead(file, link, &pages, &files) {
                // What is wrong in a page is wrong in the one for printing too.
                let print = file.ends_with("print.html");
                match source(sources, out, file, &link.target) {
                    Some((page, line)) => {
                        faults.insert(Fault::new(page, line, what));
                    }
                    None if print => {}
                    None => {
                        let file = file.to_string_lossy();
                        faults.insert(Fault::new(file, link.line, what));
                    }
                }
            }
        }
    }
    Ok(faults.into_iter().collect())
}

/// Says what is wrong with a link, if anything.
fn dead(
    file: &Path,
    link: &Link,
    pages: &BTreeMap<PathBuf, Page>,
    files: &BTreeSet<PathBuf>,
) -> Option<String> {
    let target = &link.target;
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    if path.contains("://") || path.starts_with("//") {
        return link
            .loads
            .then(|| format!("`{target}` needs a network to show the page"));
    }
    if path.starts_with("mailto:") || path.starts_with("data:") {
        return None;
    }
    let path = path.split('?').next().unwrap_or_default();
    let to = match path {
        "" => file.to_path_buf(),
        path => normal(&file.parent()?.join(path)),
    };
    if !files.contains(&to) {
        return Some(format!("dead link `{target}`"));
    }
    let page = pages.get(&to)?;
    let known = anchor.is_empty() || page.ids.contains(anchor);
    (!known).then(|| format!("dead anchor `{target}`"))
}

/// Finds the line of a page's source that says the link.
fn source(
    sources: &Pages,
    out: &Path,
    file: &Path,
    target: &str,
) -> Option<(String, usize)> {
    let address = file.strip_prefix(out).ok()?.with_extension("md");
    let address = address.to_string_lossy().replace('\\', "/");
    let page = sources.get(&address)?;
    let in_file = sources.link_in_file(&address, target);
    let wanted = [target.to_string(), target.replace(".html", ".md")];
    let wanted: Vec<String> = in_file.into_iter().chain(wanted).collect();
    let mut lines = page.text.lines();
    let line =
        lines.position(|line| wanted.iter().any(|link| line.contains(link)))?;
    Some((page.file.clone(), line + 1))
}

/// Resolves `.` and `..` by the letters: the files are all beneath one folder.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

fn walk(folder: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Page {
    ids: BTreeSet<String>,
    /// Ids that were there before, and where.
    twice: Vec<(String, usize)>,
    links: Vec<Link>,
}

struct Link {
    target: String,
    line: usize,
    /// The page itself loads it; a reader may also follow it to the net.
    loads: bool,
}

impl Page {
    fn read(text: &str) -> Page {
        let tokenizer = Tokenizer::new(Reader::default(), Default::default());
        let input = BufferQueue::default();
        input.push_back(text.into());
        // There are no scripts to run in between, so that it is one go.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    fn tag(&mut self, tag: &Tag, line: usize) {
        let name = &*tag.name;
        for attr in &tag.attrs {
            let value = attr.value.to_string();
            match &*attr.name.local {
                "id" if self.ids.contains(&value) => {
                    self.twice.push((value, line));
                }
                "id" => {
                    self.ids.insert(value);
                }
                // The base of a page is no link.
                "href" | "src" if name != "base" => self.links.push(Link {
                    target: value,
                    line,
                    loads: name != "a",
                }),
                _ => {}
            }
        }
    }
}

/// Takes down what the tokenizer finds.
#[derive(Default)]
struct Reader(RefCell<Page>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && tag.kind == TagKind::StartTag
        {
            let line = usize::try_from(line).unwrap_or_default();
            self.0.borrow_mut().tag(&tag, line);
            // A script's text is no markup; only the sink knows.
            if &*tag.name == "script" || &*tag.name == "style" {
                return TokenSinkResult::RawData(
                    html5ever::tokenizer::states::RawKind::ScriptData,
                );
            }
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(a: &str, b: &str) -> Vec<String> {
        let out = tempfile::tempdir().unwrap();
        fs::create_dir(out.path().join("b")).unwrap();
        fs::write(out.path().join("a.html"), a).unwrap();
        fs::write(out.path().join("b/b.html"), b).unwrap();
        let found = check(&Pages::default(), out.path()).unwrap();
        found.into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn links_and_anchors_that_are_there_pass() {
        let a = "<h1 id='top'></h1><a href='b/b.html#x'>b</a>\
                 <a href='#top'>t</a><a href='https://doc.rust-lang.org/'>r</a>\
                 <script>'<a href=\"nowhere\">'</script>";
        let b = "<p id='x'><a href='../a.html?search=y#top'>a</a></p>";
        assert_eq!(faults(a, b), [""; 0]);
    }

    #[test]
    fn dead_links_and_anchors_are_found() {
        let a = "<a href='b/c.html'></a><a href='b/b.html#y'></a>";
        assert_eq!(
            faults(a, ""),
            ["dead anchor `b/b.html#y`", "dead link `b/c.html`"]
        );
    }

    #[test]
    fn what_would_load_from_the_net_is_found() {
        let found = faults("<img src='https://example.org/x.png'>", "");
        assert!(found[0].contains("needs a network"), "{found:?}");
    }

    #[test]
    fn an_id_that_is_there_twice_is_found() {
        assert_eq!(
            faults("<p id=x></p><p id=x></p>", ""),
            ["the id `x` is there twice"]
        );
    }
}
