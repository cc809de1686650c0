//! The top-level items of a source file, found without marks in it.
//!
//! rustfmt puts every top-level item at the left edge and indents what belongs
//! to it, and Python's grammar does the same.

use crate::fault::did_you_mean;
use anyhow::{Result, anyhow};

/// A top-level item: its lines, with the comments and attributes above it.
pub(crate) struct Item {
    from: usize,
    to: usize,
    name: String,
    test: bool,
}

/// Returns the one item of that name in the file at `path`: the number of its
/// first line, from 0, and its text.
///
/// `Type::method` in Rust and `Class.method` in Python name a member, whose text
/// is moved to the left edge.
///
/// # Errors
///
/// There is none, or there are two.
pub(crate) fn find(
    lines: &[&str],
    items: &[Item],
    wanted: &str,
    path: &str,
) -> Result<(usize, String)> {
    let wanted = squeeze(wanted);
    if let Some((owner, member)) = owner_and_member(&wanted, path) {
        return find_member(lines, items, owner, member, path);
    }
    let bare = without_generics(&wanted);
    let is = |item: &&Item, name: &str| item.name == name;
    let mut found: Vec<_> = items.iter().filter(|i| is(i, &wanted)).collect();
    if found.is_empty() && wanted.starts_with("impl ") {
        found = items
            .iter()
            .filter(|item| without_generics(&item.name) == bare)
            .collect();
    }
    match found[..] {
        [item] => Ok((item.from, lines[item.from..item.to].join("\n"))),
        [] => {
            let names = items.iter().map(|item| item.name.as_str());
            let names = names.filter(|name| !name.is_empty());
            let near = did_you_mean(&wanted, names);
            Err(anyhow!("no item `{wanted}` in {path}{near}"))
        }
        [first, second, ..] => Err(anyhow!(
            "two items `{wanted}` in {path}, at lines {} and {}",
            first.from + 1,
            second.from + 1
        )),
    }
}

/// Splits the name of a member, or returns `None` if it names an item.
fn owner_and_member<'n>(
    wanted: &'n str,
    path: &str,
) -> Option<(&'n str, &'n str)> {
    if path.ends_with(".py") {
        wanted.split_once('.')
    } else if wanted.starts_with("impl ") {
        // A path in a header, as in `impl fmt::Display for Tid`.
        None
    } else {
        wanted.split_once("::")
    }
}

/// Looks for a member in all blocks of its type, as if each block were a file.
fn find_member(
    lines: &[&str],
    items: &[Item],
    owner: &str,
    member: &str,
    path: &str,
) -> Result<(usize, String)> {
    let python = path.ends_with(".py");
    let mut found = Vec::new();
    for block in items.iter().filter(|item| item.belongs_to(owner)) {
        // Without the brace that closes the block.
        let end = block.to - usize::from(!python);
        let inside: Vec<&str> = lines[block.from..end.max(block.from)]
            .iter()
            .map(|line| line.strip_prefix("    ").unwrap_or(line))
            .collect();
        let members = split(&inside, python);
        if let Ok((at, text)) = find(&inside, &members, member, path) {
            found.push((block.from + at, text));
        }
    }
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => Err(anyhow!("no member `{member}` of `{owner}` in {path}")),
        _ => Err(anyhow!("two members `{member}` of `{owner}` in {path}")),
    }
}

impl Item {
    /// Says whether this is `owner` itself, a class or a trait, or a block of
    /// its methods.
    fn belongs_to(&self, owner: &str) -> bool {
        let name = without_generics(&self.name);
        let block = name.strip_prefix("impl ").map(|rest| {
            rest.split_once(" for ").map_or(rest, |(_, owner)| owner)
        });
        !self.test && block.unwrap_or(&name) == owner
    }
}

/// Returns the whole file but its unit tests.
pub(crate) fn without_tests(lines: &[&str], items: &[Item]) -> String {
    let mut shown: Vec<&str> = Vec::new();
    let mut next = 0;
    for item in items.iter().filter(|item| item.test) {
        shown.extend(&lines[next..item.from]);
        next = item.to;
    }
    shown.extend(&lines[next..]);
    shown.join("\n").trim_end().to_string()
}

/// Cuts a file into its top-level items.
pub(crate) fn split(lines: &[&str], python: bool) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    // Where the comments and attributes above the next item start.
    let mut above = None;
    let mut open = false;
    let mut in_string = false;
    for (i, &line) in lines.iter().enumerate() {
        let quoted = in_string;
        if python {
            let quotes =
                line.matches("\"\"\"").count() + line.matches("'''").count();
            in_string ^= quotes % 2 == 1;
        }
        if quoted {
            continue;
        }
        let kind = match python {
            true => python_line(line),
            false => rust_line(line),
        };
        match kind {
            Line::Inside => continue,
            Line::Blank if open => continue,
            Line::Blank => above = None,
            Line::Above => {
                close(&mut items, &mut open, lines, i);
                above = above.or(Some(i));
            }
            Line::Start => {
                close(&mut items, &mut open, lines, i);
                let from = above.take().unwrap_or(i);
                let test = lines[from..i].contains(&"#[cfg(test)]");
                let name = match python {
                    true => python_name(line),
                    false => rust_name(&lines[i..]),
                };
                items.push(Item {
                    from,
                    to: i + 1,
                    name,
                    test,
                });
                open = true;
            }
        }
    }
    close(&mut items, &mut open, lines, lines.len());
    items
}

/// Ends the last item before line `end`, without the blank lines between.
fn close(items: &mut [Item], open: &mut bool, lines: &[&str], end: usize) {
    if let Some(item) = items.last_mut()
        && *open
    {
        let body = &lines[item.from..end];
        let blank = body.iter().rev().take_while(|l| l.trim().is_empty());
        item.to = end - blank.count();
        *open = false;
    }
}

/// What a line does to the item that it may belong to.
enum Line {
    Blank,
    /// A comment or an attribute at the left edge.
    Above,
    Start,
    Inside,
}

const RUST_STARTS: &[&str] = &[
    "pub", "fn", "async", "unsafe", "const", "static", "struct", "enum",
    "trait", "impl", "impl<", "type", "mod", "use", "extern", "union",
];

fn rust_line(line: &str) -> Line {
    let word = line.split([' ', '(']).next().unwrap_or_default();
    let macro_call = word.strip_suffix('!').is_some_and(|name| {
        !name.is_empty()
            && name.chars().all(|c| c == '_' || c.is_alphanumeric())
    });
    if line.trim().is_empty() {
        Line::Blank
    } else if line.starts_with("//!") || line.starts_with("#![") {
        Line::Start
    } else if line.starts_with("//") || line.starts_with("#[") {
        Line::Above
    } else if RUST_STARTS.contains(&word)
        || line.starts_with("impl<")
        || macro_call
    {
        Line::Start
    } else {
        Line::Inside
    }
}

fn python_line(line: &str) -> Line {
    let word = line.split([' ', ':', '(']).next().unwrap_or_default();
    if line.trim().is_empty() {
        Line::Blank
    } else if line.starts_with([' ', '\t', ')', ']', '}'])
        || matches!(word, "else" | "elif" | "except" | "finally" | "case")
    {
        Line::Inside
    } else if line.starts_with(['#', '@']) {
        Line::Above
    } else {
        Line::Start
    }
}

/// Returns an item's name, or for an `impl` block its first line as a whole.
fn rust_name(lines: &[&str]) -> String {
    let mut rest = lines[0];
    if let Some(after) = rest.strip_prefix("pub(") {
        rest = after.split_once(") ").map_or("", |(_, rest)| rest);
    }
    if rest.starts_with("impl") {
        let header = lines.join(" ");
        let header = header.split('{').next().unwrap_or_default();
        let header = header.split(" where ").next().unwrap_or_default();
        return match squeeze(header).strip_prefix("impl<") {
            // The parameters of the block itself are not part of its name.
            Some(params) => format!("impl {}", after_angle(params)),
            None => squeeze(header),
        };
    }
    loop {
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "pub" | "async" | "unsafe" | "mut" => rest = after,
            "extern" => rest = after.trim_start_matches("\"C\" "),
            "const" if after.starts_with("fn ") => rest = after,
            "const" if after.starts_with("unsafe ") => rest = after,
            "fn" | "struct" | "enum" | "trait" | "type" | "mod" | "union"
            | "const" | "static" | "macro_rules!" => {
                return identifier(after.trim_start_matches("mut "));
            }
            _ => return String::new(),
        }
    }
}

fn python_name(line: &str) -> String {
    let rest = line.strip_prefix("async ").unwrap_or(line);
    for keyword in ["def ", "class "] {
        if let Some(name) = rest.strip_prefix(keyword) {
            return identifier(name);
        }
    }
    let name = identifier(line);
    let after = line[name.len()..].trim_start();
    let assigned = after.starts_with(':')
        || (after.starts_with('=') && !after.starts_with("=="));
    if assigned { name } else { String::new() }
}

fn identifier(text: &str) -> String {
    let part = |c: &char| *c == '_' || c.is_alphanumeric();
    text.chars().take_while(part).collect()
}

/// Makes every run of white space one space.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Drops everything in angle brackets; the arrow of a function does not close any.
fn without_generics(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in text.replace("->", "→").chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    squeeze(&out)
}

/// Returns what stands after the bracket that closes an opened one.
fn after_angle(text: &str) -> &str {
    let mut depth = 1;
    let mut last = ' ';
    for (i, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if last != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text[i + 1..].trim();
        }
        last = c;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = r#"//! A claim.

use std::fmt;

// Detached.

/// Waits.
#[must_use = "long \
    text"]
pub(crate) async fn spin<T>(
    message: &str,
) -> T
where
    T: Send,
{
    todo()
}

static LISTENER: Mutex<Option<Token>> =
    Mutex::new(None);
const N: [u8; 2] = [
    1, 2,
];
struct Countdown<T> {
    from: T,
}

impl<T: Step<Item = T>> Iterator for Countdown<T>
where
    T: Copy,
{
    type Item = T;
}
impl Countdown<u8> {}

#[cfg(test)]
mod tests {
    fn spin() {}
}
"#;

    fn item(text: &str, name: &str, python: bool) -> Result<String, String> {
        let lines: Vec<&str> = text.lines().collect();
        let found = find(&lines, &split(&lines, python), name, "file");
        found.map(|(_, text)| text).map_err(|why| why.to_string())
    }

    #[test]
    fn an_item_comes_with_what_stands_directly_above_it() {
        let spin = item(RUST, "spin", false).unwrap();
        assert!(spin.starts_with("/// Waits.\n#[must_use"), "{spin}");
        assert!(spin.ends_with("    todo()\n}"), "{spin}");
    }

    #[test]
    fn a_member_is_found_in_the_blocks_of_its_type() {
        let rust = "struct Table<T>;\n\nimpl<T> Table<T> {\n    /// Runs.\n    \
                    fn turn(&self) {\n        todo()\n    }\n\n    fn end() {}\n}\n\n\
                    impl<T> Drop for Table<T> {\n    fn drop(&mut self) {}\n}\n";
        let lines: Vec<&str> = rust.lines().collect();
        let items = split(&lines, false);
        let (line, turn) =
            find(&lines, &items, "Table::turn", "table.rs").unwrap();
        assert_eq!(line, 3);
        assert_eq!(turn, "/// Runs.\nfn turn(&self) {\n    todo()\n}");
        let dropped = item(rust, "Table::drop", false).unwrap();
        assert_eq!(dropped, "fn drop(&mut self) {}");
        let missing = item(rust, "Table::kill", false).unwrap_err();
        assert!(missing.contains("no member `kill` of `Table`"), "{missing}");

        let python = "class Queue:\n    def push(self):\n        pass\n\n    \
                      async def pop(self):\n        return 1\n";
        let lines: Vec<&str> = python.lines().collect();
        let items = split(&lines, true);
        let (line, pop) = find(&lines, &items, "Queue.pop", "q.py").unwrap();
        assert_eq!(line, 4);
        assert_eq!(pop, "async def pop(self):\n    return 1");
    }

    #[test]
    fn an_item_ends_where_the_next_one_starts() {
        let listener = item(RUST, "LISTENER", false).unwrap();
        assert!(listener.ends_with("    Mutex::new(None);"), "{listener}");
        assert!(item(RUST, "N", false).unwrap().ends_with("\n];"));
    }

    #[test]
    fn an_impl_block_is_found_with_or_without_its_generics() {
        for name in [
            "impl Iterator for Countdown",
            "impl  Iterator for Countdown<T>",
        ] {
            let found = item(RUST, name, false).unwrap();
            assert!(found.ends_with("type Item = T;\n}"), "{found}");
        }
        assert_eq!(
            item(RUST, "impl Countdown", false).unwrap(),
            "impl Countdown<u8> {}"
        );
    }

    #[test]
    fn a_misspelt_item_is_an_error_that_names_its_neighbours() {
        let err = item(RUST, "Countdwn", false).unwrap_err();
        assert_eq!(
            err,
            "no item `Countdwn` in file; did you mean `Countdown`?"
        );
    }

    #[test]
    fn a_name_that_is_there_twice_is_an_error() {
        let err = item("fn a() {}\n\nfn a() {}\n", "a", false).unwrap_err();
        assert_eq!(err, "two items `a` in file, at lines 1 and 3");
    }

    #[test]
    fn a_whole_file_leaves_its_tests_out() {
        let lines: Vec<&str> = RUST.lines().collect();
        let shown = without_tests(&lines, &split(&lines, false));
        assert!(shown.starts_with("//! A claim."));
        assert!(shown.ends_with("impl Countdown<u8> {}"), "{shown}");
    }

    #[test]
    fn python_items_end_before_the_next_statement() {
        let text = "\"\"\"Doc.\n\ndef not_this():\n\"\"\"\nLIMIT = 3\n\n\n\
                    @decorated\nasync def spin(\n    a,\n):\n    pass\n\n\n\
                    class C:\n    def spin(self): ...\n\n\nspin()\n";
        assert_eq!(item(text, "LIMIT", true).unwrap(), "LIMIT = 3");
        assert_eq!(
            item(text, "spin", true).unwrap(),
            "@decorated\nasync def spin(\n    a,\n):\n    pass"
        );
        assert!(item(text, "C", true).unwrap().ends_with("..."));
        assert!(item(text, "not_this", true).is_err());
    }
}
