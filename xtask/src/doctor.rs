//! `doctor`: what is here, what each is for, how to get the rest.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Result;
use subprocess::browser;

use crate::workspace::Workspace;

/// How long a program may take to say its version.
const LIMIT: Duration = Duration::from_secs(30);

/// A tool that some check needs; without it that check is skipped.
struct Tool {
    name: &'static str,
    purpose: &'static str,
    install: &'static str,
    /// Returns where it is or which version, if it is here.
    find: fn(&Workspace) -> Option<String>,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "cargo fmt",
        purpose: "the format of every listing",
        install: "rustup component add rustfmt",
        find: |_| version("cargo", &["fmt", "--version"]),
    },
    Tool {
        name: "cargo clippy",
        purpose: "the lints",
        install: "rustup component add clippy",
        find: |_| version("cargo", &["clippy", "--version"]),
    },
    Tool {
        name: "cargo deny",
        purpose: "bans, licences and sources of all dependencies",
        install: "cargo install --locked cargo-deny",
        find: |_| version("cargo", &["deny", "--version"]),
    },
    Tool {
        name: "nats-server",
        purpose: "chapter 2's queue between machines",
        install: "your system's packages: nats-server, or nats.io",
        find: |_| version("nats-server", &["--version"]),
    },
    Tool {
        name: "python3",
        purpose: "the Python twins, and a server that is not ours",
        install: "python.org, or your system's packages; 3.11 or newer",
        find: |workspace| Some(workspace.python().ok()?.display().to_string()),
    },
    Tool {
        name: "aiohttp",
        purpose: "the downloader's twin",
        install: "python3 -m pip install aiohttp",
        find: |workspace| {
            let missing = workspace.missing_modules(&["aiohttp".to_string()]);
            missing.is_empty().then(|| "importable".to_string())
        },
    },
    Tool {
        name: "Chromium",
        purpose: "the book in a real browser",
        install: "your system's packages: chromium, or google-chrome",
        find: |_| browser::find(),
    },
    Tool {
        name: "axe-core",
        purpose: "what is in a screen reader's way",
        // The version is that of `.ci/run`.
        install: "npm install --prefix target/tools axe-core@4.14.1",
        find: |workspace| {
            let is_here = workspace.root.join(browser::AXE).is_file();
            is_here.then(|| browser::AXE.to_string())
        },
    },
    Tool {
        name: "nginx",
        purpose: "chapter 5's balancer",
        install: "your system's packages: nginx-light, or nginx",
        find: |_| version("nginx", &["-v"]),
    },
    Tool {
        name: "wrk",
        purpose: "a second opinion on chapter 5's load generator",
        install: "your system's packages: wrk",
        find: |_| version("wrk", &["-v"]),
    },
    Tool {
        name: "MinGW",
        purpose: "the crates, compiled for Windows",
        install: "your system's packages: gcc-mingw-w64-x86-64",
        find: |_| version("x86_64-w64-mingw32-gcc", &["--version"]),
    },
    Tool {
        name: "clang",
        purpose: "the crates, compiled for macOS and ARM, with llvm",
        install: "your system's packages: clang, llvm",
        find: |_| version("clang", &["--version"]),
    },
    Tool {
        name: "wine",
        purpose: "the programs for Windows",
        install: "your system's packages: wine64, wine",
        find: |_| version("wine", &["--version"]),
    },
    Tool {
        name: "typos",
        purpose: "the spelling of pages and comments",
        // The version is that of `.ci/run`.
        install: "cargo install --locked typos-cli@1.52.0",
        find: |_| version("typos", &["--version"]),
    },
];

/// Prints two lines for each tool, present or not.
pub fn doctor(workspace: &Workspace) -> Result<ExitCode> {
    for tool in TOOLS {
        match (tool.find)(workspace) {
            Some(version) => println!("here     {}: {version}", tool.name),
            None => println!("missing  {}: {}", tool.name, tool.install),
        }
        println!("         for {}", tool.purpose);
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the name under which a program can be started, if it can.
///
/// Debian has some where only root looks for programs.
pub fn find_program(program: &str) -> Option<String> {
    let names = [program.to_string(), format!("/usr/sbin/{program}")];
    names.into_iter().find(|name| {
        let mut command = Command::new(name);
        // Not every program knows this option; one that says so is here.
        command.arg("--version");
        subprocess::run(command, LIMIT).is_ok()
    })
}

/// Returns the first line that a program prints about its version.
///
/// Its status says little: wrk prints its version and then asks for a URL.
fn version(program: &str, args: &[&str]) -> Option<String> {
    let mut command = Command::new(find_program(program)?);
    command.args(args);
    let run = subprocess::run(command, LIMIT).ok()?;
    let mut lines = run.stdout.lines().chain(run.stderr.lines());
    let line = lines.next().filter(|line| !line.starts_with("error"))?;
    Some(line.to_string())
}
