//! What a check cannot see: locks, atomics and threads that are not traced.
//!
//! A check runs the schedules of what is in `exercise_harness::sync` and
//! `exercise_harness::thread`. With std's in their place it runs one schedule,
//! and would call a wrong answer right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use artifacts::exercise::Exercise;
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{ItemExternCrate, ItemUse, Macro, Path, UseTree};

/// Modules whose items the scheduler does not see.
const MODULES: &[&[&str]] = &[
    &["std", "sync"],
    &["core", "sync"],
    &["std", "thread"],
    &["tokio", "sync"],
    &["tokio", "task"],
    &["futures", "channel"],
    &["futures", "lock"],
];

/// Items of these modules at which no thread waits, and which none changes.
const HARMLESS: &[&[&str]] = &[
    &["std", "sync", "Arc"],
    &["std", "sync", "LockResult"],
    &["std", "sync", "PoisonError"],
    &["std", "sync", "TryLockError"],
    &["std", "sync", "TryLockResult"],
    &["std", "sync", "Weak"],
    &["std", "sync", "atomic", "Ordering"],
    &["core", "sync", "atomic", "Ordering"],
    &["std", "thread", "Result"],
    &["std", "thread", "available_parallelism"],
    &["std", "thread", "panicking"],
];

/// An item that the check does not see, and the first line that names it.
#[derive(Debug, PartialEq)]
pub struct Untraced {
    /// As the compiler resolves it: `std::sync::Mutex`.
    pub item: String,
    /// Counted from 1.
    pub line: usize,
}

/// Says whether a check runs schedules: then it has threads of its own.
pub fn runs_schedules(exercise: &Exercise) -> bool {
    let check = fs::read_to_string(exercise.folder.join("check.rs"));
    check.is_ok_and(|check| {
        ["sync", "thread"].iter().any(|module| {
            check.contains(&format!("exercise_harness::{module}"))
        })
    })
}

/// Finds what the check would not see, in the order of the lines.
///
/// A file that is no Rust has nothing: the compiler tells its fault better.
pub fn untraced(solution: &str) -> Vec<Untraced> {
    let Ok(file) = syn::parse_file(solution) else {
        return Vec::new();
    };
    let mut names = Names::default();
    names.visit_file(&file);
    let mut seen = BTreeSet::new();
    let mut found: Vec<Untraced> = Vec::new();
    for (path, line) in &names.named {
        let path = names.resolved(path);
        if let Some(item) = untraced_item(&path)
            && seen.insert(item.clone())
        {
            found.push(Untraced { item, line: *line });
        }
    }
    found.sort_by_key(|untraced| untraced.line);
    found
}

/// Tells the reader what the check would not see, and what to use.
pub fn report(untraced: &[Untraced], file: &str) -> String {
    let uses = untraced.iter().map(|Untraced { item, line }| {
        format!("not checked: line {line} of {file} uses {item}\n")
    });
    uses.collect::<String>()
        + "
The check runs every schedule of the locks, atomics and threads that come from
`exercise_harness::sync` and `exercise_harness::thread`. It cannot see others,
so it would try one schedule and could call a wrong answer right.
Take them from there: the names are std's.
"
}

/// Returns the item that a path is in, if the check does not see it.
fn untraced_item(path: &[String]) -> Option<String> {
    let begins = |with: &[&str]| {
        path.len() >= with.len() && path.iter().zip(with).all(|(a, b)| a == b)
    };
    let within =
        |module: &&&[&str]| begins(module) && path.len() > module.len();
    let Some(module) = MODULES.iter().find(within) else {
        // `use std::*` brings the modules along under their own names.
        let is_glob = path.len() == 2
            && path[1] == "*"
            && MODULES.iter().any(|module| module[0] == path[0]);
        return is_glob.then(|| path.join("::"));
    };
    let at = module.len() + usize::from(path[module.len()] == "atomic");
    // `use std::sync::atomic` names a module, and an item follows elsewhere.
    let is_seen = at == path.len() || HARMLESS.iter().any(|item| begins(item));
    (!is_seen).then(|| path[..=at].join("::"))
}

/// Every path of a file, and what its `use` items call by other names.
#[derive(Default)]
struct Names {
    /// What a name in scope stands for. Scopes are not told apart: of two
    /// meanings of one name, each counts.
    aliases: BTreeMap<String, Vec<Vec<String>>>,
    named: Vec<(Vec<String>, usize)>,
}

impl Names {
    /// Replaces a path's first segment by what it stands for.
    fn resolved(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        // An alias of an alias of itself would have no end.
        for _ in 0..8 {
            let Some(targets) = self.aliases.get(&path[0]) else {
                break;
            };
            let untraced = |target: &&Vec<String>| {
                untraced_item(&[target, &path[1..]].concat()).is_some()
            };
            let Some(target) =
                targets.iter().find(untraced).or(targets.first())
            else {
                break;
            };
            if target[0] == path[0] {
                path.splice(..1, target.iter().cloned());
                break;
            }
            path.splice(..1, target.iter().cloned());
        }
        path
    }

    fn use_tree(&mut self, tree: &UseTree, before: &[String]) {
        let joined = |name: &syn::Ident| {
            let mut path = before.to_vec();
            if name != "self" || before.is_empty() {
                path.push(name.to_string());
            }
            path
        };
        match tree {
            UseTree::Path(path) => {
                self.use_tree(&path.tree, &joined(&path.ident));
            }
            UseTree::Name(name) => {
                let path = joined(&name.ident);
                let alias = path.last().cloned().unwrap_or_default();
                self.alias(alias, path, &name.ident);
            }
            UseTree::Rename(rename) => {
                let path = joined(&rename.ident);
                self.alias(rename.rename.to_string(), path, &rename.ident);
            }
            UseTree::Glob(glob) => {
                let mut path = before.to_vec();
                path.push("*".to_string());
                let line = glob.star_token.spans[0].start().line;
                self.named.push((path, line));
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before);
                }
            }
        }
    }

    fn alias(&mut self, alias: String, path: Vec<String>, at: &syn::Ident) {
        self.named.push((path.clone(), at.span().start().line));
        self.aliases.entry(alias).or_default().push(path);
    }

    /// Reads paths out of a macro's tokens, which are no syntax yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut line, mut colons) = (Vec::new(), 0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 || path.is_empty() {
                        self.ended(&mut path, line);
                        line = ident.span().start().line;
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                }
                other => {
                    self.ended(&mut path, line);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.ended(&mut path, line);
    }

    fn ended(&mut self, path: &mut Vec<String>, line: usize) {
        if !path.is_empty() {
            self.named.push((std::mem::take(path), line));
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.use_tree(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        if let Some((_, rename)) = &item.rename {
            let path = vec![item.ident.to_string()];
            self.alias(rename.to_string(), path, &item.ident);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names = path.segments.iter().map(|s| s.ident.to_string());
        if let Some(first) = path.segments.first() {
            let line = first.ident.span().start().line;
            self.named.push((names.collect(), line));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.tokens(called.tokens.clone());
        visit::visit_macro(self, called);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn items(solution: &str) -> Vec<(String, usize)> {
        let found = untraced(solution);
        found.into_iter().map(|u| (u.item, u.line)).collect()
    }

    #[test]
    fn an_item_of_std_is_found_by_whatever_name() {
        for (text, item) in [
            ("use std::sync::Mutex;", "std::sync::Mutex"),
            ("use std::sync::{Arc, Condvar as C};", "std::sync::Condvar"),
            ("use ::std::sync::RwLock;", "std::sync::RwLock"),
            ("use std::sync::*;", "std::sync::*"),
            ("use std::*;", "std::*"),
            ("use std::sync::atomic::*;", "std::sync::atomic::*"),
            (
                "use std::sync::atomic::{AtomicU64, Ordering};",
                "std::sync::atomic::AtomicU64",
            ),
            (
                "use core::sync::atomic; type A = atomic::AtomicBool;",
                "core::sync::atomic::AtomicBool",
            ),
            (
                "use std::sync as s; fn f() { s::Mutex::new(0); }",
                "std::sync::Mutex",
            ),
            (
                "use std as x; use x::sync::{self}; static S: sync::Once = A;",
                "std::sync::Once",
            ),
            (
                "extern crate std as x; type L = Vec<x::sync::Mutex<u8>>;",
                "std::sync::Mutex",
            ),
            (
                "fn f() { std::thread::spawn(|| {}); }",
                "std::thread::spawn",
            ),
            (
                "use std::thread; fn f() { thread::scope(|_| {}); }",
                "std::thread::scope",
            ),
            (
                "fn f() { vec![std::sync::mpsc::channel()]; }",
                "std::sync::mpsc",
            ),
            (
                "macro_rules! m { () => { { ::std::sync::Mutex::new(1) } } }",
                "std::sync::Mutex",
            ),
            ("type N = tokio::sync::Notify;", "tokio::sync::Notify"),
        ] {
            assert_eq!(items(&format!("\n{text}")), [(item.into(), 2)]);
        }
    }

    #[test]
    fn nothing_is_found_in_what_is_traced_or_harmless() {
        for text in [
            "use std::sync::{Arc, PoisonError, Weak};",
            "use std::sync::atomic::Ordering::{self, SeqCst};",
            "use exercise_harness::{sync::Mutex, thread};
             fn f() { thread::spawn(|| {}); Mutex::new(0); }",
            "use exercise_harness::sync; type M = sync::Mutex<u8>;",
            "struct Mutex; fn f() -> std::thread::Result<Mutex> { todo!() }",
            "/// As [`std::sync::Mutex`].\nstruct Mine;",
            "no Rust: std::sync::Mutex",
        ] {
            assert_eq!(items(text), [], "{text}");
        }
    }

    /// In each answer of each exercise that runs schedules, traced primitives
    /// are replaced by std's, as a reader would by habit.
    #[test]
    fn every_answer_with_std_in_place_of_the_harness_is_found() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut replaced = 0;
        for exercise in Exercise::all(&root).unwrap() {
            let wrong = fs::read_dir(exercise.folder.join("wrong")).unwrap();
            let wrong = wrong.map(|entry| entry.unwrap().path());
            let right = exercise.folder.join("reference.rs");
            let stub = exercise.folder.join("stub.rs");
            let rust = wrong
                .chain([right, stub])
                .filter(|path| path.extension().is_some_and(|e| e == "rs"));
            for path in rust.filter(|_| runs_schedules(&exercise)) {
                let text = fs::read_to_string(&path).unwrap();
                assert_eq!(items(&text), [], "{}", path.display());
                let std = text.replace("exercise_harness", "std");
                if items(&std).is_empty() {
                    // Nothing but a wait for the end of one, or an `Arc`.
                    let uses = ["Mutex", "Condvar", "Atomic", "spawn(", "park"];
                    let used = uses.iter().find(|word| std.contains(**word));
                    let path = path.display();
                    assert!(used.is_none(), "{path} uses {used:?}");
                } else {
                    replaced += 1;
                }
            }
        }
        assert!(replaced > 50, "{replaced}");
    }
}
