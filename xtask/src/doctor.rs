//! `doctor`: what is here, what each is for, how to get the rest.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Result;
use subprocess::browser;

use crate::workspace::Workspace;

/// A tool that some check needs; without it that check is skipped.
struct Tool<'a> {
    name: &'a str,
    purpose: &'a str,
    install: &'a str,
}

/// The version is that of `.ci/run`.
const AXE_PACKAGE: &str = "axe-core@4.14.1";

const TOOLS: &[Tool] = &[
    Tool {
        name: "cargo fmt",
        purpose: "the format of every listing",
        install: "rustup component add rustfmt",
    },
    Tool {
        name: "cargo clippy",
        purpose: "the lints",
        install: "rustup component add clippy",
    },
    Tool {
        name: "cargo deny",
        purpose: "bans, licences and sources of all dependencies",
        install: "cargo install --locked cargo-deny",
    },
    Tool {
        name: "nats-server",
        purpose: "chapter 2's queue between machines",
        install: "your system's packages: nats-server, or nats.io",
    },
];

/// Prints a line for each tool, present or not.
pub fn doctor(workspace: &Workspace) -> Result<ExitCode> {
    for tool in TOOLS {
        print_tool(tool, version(tool.name));
    }

    let python = workspace.python();
    let path = python.as_ref().ok().map(|path| path.display().to_string());
    let install = "python.org, or your system's packages; 3.11 or newer";
    print_tool(
        &Tool {
            name: "python3",
            purpose: "the Python twins, and a server that we did not write",
            install,
        },
        path,
    );
    let aiohttp = ["aiohttp".to_string()];
    let here = workspace.missing_modules(&aiohttp).is_empty();
    print_tool(
        &Tool {
            name: "aiohttp",
            purpose: "the downloader's twin",
            install: "python3 -m pip install aiohttp",
        },
        here.then(|| "importable".to_string()),
    );
    print_tool(
        &Tool {
            name: "Chromium",
            purpose: "the book in a real browser",
            install: "your system's packages: chromium, or google-chrome",
        },
        browser::find(),
    );
    let axe = workspace.root.join(browser::AXE);
    print_tool(
        &Tool {
            name: "axe-core",
            purpose: "what is in a screen reader's way",
            install: &format!(
                "npm install --prefix target/tools {AXE_PACKAGE}"
            ),
        },
        axe.is_file().then(|| browser::AXE.to_string()),
    );
    print_tool(
        &Tool {
            name: "nginx",
            purpose: "chapter 5's balancer",
            install: "your system's packages: nginx-light, or nginx",
        },
        nginx(),
    );
    // Its status is not 0: it has said its version, and wants a URL.
    let mut wrk = Command::new("wrk");
    wrk.arg("-v");
    let wrk = subprocess::run(wrk, Duration::from_secs(30)).ok();
    print_tool(
        &Tool {
            name: "wrk",
            purpose: "a second opinion on chapter 5's load generator",
            install: "your system's packages: wrk",
        },
        wrk.and_then(|run| run.stdout.lines().next().map(str::to_string)),
    );
    Ok(ExitCode::SUCCESS)
}

/// Returns what nginx says of its version, which it does on stderr.
fn nginx() -> Option<String> {
    let mut nginx = Command::new(find_program("nginx")?);
    nginx.arg("-v");
    let said = subprocess::run(nginx, Duration::from_secs(30)).ok()?.stderr;
    said.lines().next().map(str::to_string)
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
        subprocess::run(command, Duration::from_secs(30)).is_ok()
    })
}

/// Returns what a tool says of its version, if it is here.
fn version(tool: &str) -> Option<String> {
    let mut words = tool.split(' ');
    let mut command = Command::new(words.next()?);
    command.args(words).arg("--version");
    subprocess::run(command, Duration::from_secs(30))
        .ok()
        .filter(|run| run.status == Some(0))
        .map(|run| run.stdout.trim().to_string())
}

fn print_tool(tool: &Tool, version: Option<String>) {
    match version {
        Some(version) => println!("here     {}: {version}", tool.name),
        None => println!("missing  {}: {}", tool.name, tool.install),
    }
    println!("         for {}", tool.purpose);
}
