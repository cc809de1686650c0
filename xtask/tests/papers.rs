//! What stands beside the code: README, CONTRIBUTING, workflows, the compiler.

#![expect(
    clippy::unwrap_used,
    reason = "a file that cannot be read has failed the test"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// Returns where the links of a Markdown file lead, but for those to the net.
fn links(markdown: &str) -> Vec<&str> {
    let starts = markdown.split("](").skip(1);
    let targets = starts.filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://")).collect()
}

#[test]
fn readme_is_short_and_its_links_lead_somewhere() {
    let readme = read("README.md");
    assert!(readme.lines().count() <= 80, "{}", readme.lines().count());
    let links = links(&readme);
    assert!(links.len() > 5, "{links:?}");
    for link in links {
        let file = link.split('#').next().unwrap();
        assert!(root().join(file).exists(), "README.md links {link}");
    }
}

#[test]
fn contributing_is_one_page_and_names_files_that_exist() {
    let page = read("CONTRIBUTING.md");
    let words = page.split_whitespace().count();
    assert!(words <= 900, "{words} words");
    for link in links(&page) {
        assert!(root().join(link).exists(), "CONTRIBUTING.md links {link}");
    }
}

#[test]
fn the_pinned_compiler_is_the_one_that_cargo_asks_for() {
    let value = |file: &str, key: &str| {
        let text = read(file);
        let table: toml::Table = text.parse().unwrap();
        let found = key
            .split('.')
            .try_fold(toml::Value::Table(table), |value, key| {
                value.get(key).cloned()
            });
        found.unwrap().as_str().unwrap().to_string()
    };
    let pinned = value("rust-toolchain.toml", "toolchain.channel");
    let oldest = value("Cargo.toml", "workspace.package.rust-version");
    assert_eq!(pinned.rsplit_once('.').unwrap().0, oldest);
}

#[test]
fn actions_are_pinned_by_commit_with_the_version_beside_it() {
    let mut actions = 0;
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| line.contains("uses:")) {
            actions += 1;
            let pin = line.split_once('@').unwrap().1;
            let (commit, version) = pin.split_once(" # v").unwrap();
            let hexadecimal = commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(commit.len() == 40 && hexadecimal, "{path:?}: {line}");
            assert!(version.contains('.'), "{path:?}: {line}");
        }
    }
    assert!(actions > 0);
}

#[test]
fn no_install_fails_in_silence() {
    assert!(!read(".ci/run").contains("|| true"));
}
