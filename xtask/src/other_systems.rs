//! Other systems: each crate compiles for them without a warning, and under
//! Wine the sections print what the pages show.

use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use artifacts::contract::Kind;

use crate::cargo::{build_for, target};
use crate::doctor::find_program;
use crate::parallel::for_each;
use crate::report::Report;
use crate::test_all::check_status;
use crate::transcript::{Transcript, normalize_env};
use crate::workspace::{Chapter, Workspace};

/// A system whose code is compiled here, and not run.
struct System {
    target: &'static str,
    /// A compiler for the few lines of C of the dependencies. Nothing is
    /// linked: for MSVC, MinGW's headers do.
    cc: &'static str,
    ar: &'static str,
    flags: &'static str,
}

const SYSTEMS: [System; 4] = [
    System {
        target: "x86_64-pc-windows-gnu",
        cc: "x86_64-w64-mingw32-gcc",
        ar: "x86_64-w64-mingw32-ar",
        flags: "",
    },
    System {
        target: "x86_64-pc-windows-msvc",
        cc: "x86_64-w64-mingw32-gcc",
        ar: "llvm-lib",
        flags: "",
    },
    System {
        target: "aarch64-apple-darwin",
        cc: "clang",
        ar: "llvm-ar",
        flags: "-ffreestanding",
    },
    System {
        target: "aarch64-unknown-linux-gnu",
        cc: "clang",
        ar: "llvm-ar",
        flags: "-ffreestanding",
    },
];

/// The one whose programs Wine runs.
const WINDOWS: &str = SYSTEMS[0].target;

/// A debug build of the workspace, on a slow machine.
const LIMIT: Duration = Duration::from_secs(45 * 60);

/// How many programs run under Wine at the same time.
const MAX_THREADS: usize = 3;

/// How long a tour may take under Wine: a minute, and Wine's own start.
const TOUR_LIMIT: Duration = Duration::from_secs(300);

/// Compiles every crate for each system whose standard library is installed.
pub fn check(workspace: &Workspace, report: &Report) {
    for system in &SYSTEMS {
        let target = system.target;
        let command = format!("cargo clippy --workspace --target {target}");
        if let Err(why) = system.is_here() {
            report.skip(&command, why);
            continue;
        }
        report.check(&command, &command, || {
            check_status(&subprocess::run(system.clippy(workspace), LIMIT)?)
        });
    }
}

impl System {
    /// # Errors
    ///
    /// What is missing.
    fn is_here(&self) -> Result<()> {
        ensure!(ARCH == "x86_64", "the compilers of C are for x86-64");
        let mut rustc = Command::new("rustc");
        rustc.args(["--print", "target-libdir", "--target", self.target]);
        let run = subprocess::run(rustc, Duration::from_secs(60))?;
        let std = Path::new(run.stdout.trim()).is_dir();
        ensure!(std, "rustup target add {}", self.target);
        for tool in [self.cc, self.ar] {
            ensure!(find_program(tool).is_some(), "no {tool}");
        }
        Ok(())
    }

    fn clippy(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new("cargo");
        command
            .args(["clippy", "--workspace", "--all-targets", "--locked"])
            .args(["--target", self.target, "--", "-D", "warnings"])
            .current_dir(&workspace.root);
        self.set_tools(&mut command);
        normalize_env(&mut command);
        command
    }

    /// Names the tools as the `cc` crate asks for them.
    fn set_tools(&self, command: &mut Command) {
        let target = self.target.replace('-', "_");
        command
            .env(format!("CC_{target}"), self.cc)
            .env(format!("AR_{target}"), self.ar)
            .env(format!("CFLAGS_{target}"), self.flags)
            // No SDK of Apple's is looked for.
            .env("SDKROOT", "/")
            .env("CARGO_INCREMENTAL", "0");
    }
}

/// Runs the chapters' programs under Wine: their tours, their lists, and every
/// section whose output is exact and that says nothing against Windows.
pub fn wine(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    let wine = match Wine::start(workspace) {
        Ok(wine) => wine,
        Err(why) => return report.skip("Windows under Wine", why),
    };
    let mut built = Vec::new();
    for chapter in chapters {
        let command =
            format!("cargo build -p {} --target {WINDOWS}", chapter.name);
        report.check(
            &format!("{} for Windows", chapter.name),
            &command,
            || {
                wine.add(&chapter.name)?;
                built.push(*chapter);
                Ok(())
            },
        );
    }
    let transcripts = || -> Result<Vec<Transcript>> {
        let mut queue = Vec::new();
        for chapter in &built {
            let elsewhere = not_on_windows(workspace, &chapter.name)?;
            let all = Transcript::all(workspace, chapter)?.into_iter();
            queue.extend(all.filter(|transcript| {
                let contract = &transcript.contract;
                let runs = format!("cargo run -p {} -- ", chapter.name);
                contract.contract == Kind::Exact
                    && contract.programs.is_empty()
                    && contract.command.starts_with(&runs)
                    && !elsewhere.contains(&transcript.room.slug)
            }));
        }
        Ok(queue)
    };
    match transcripts() {
        Ok(queue) => for_each(queue, MAX_THREADS, |transcript| {
            let what = format!("{} under Wine", transcript.file());
            report.check(&what, transcript.command(), || {
                transcript.check(&transcript.run(&wine.workspace)?)
            });
        }),
        Err(why) => report.fail("Windows under Wine", why, ""),
    }
    for_each(built, MAX_THREADS, |chapter| {
        let name = &chapter.name;
        report.check(&format!("{name}'s tour under Wine"), name, || {
            wine.tour(workspace, chapter)
        });
    });
}

/// Asks a chapter which of its sections do not run on Windows.
fn not_on_windows(workspace: &Workspace, chapter: &str) -> Result<Vec<String>> {
    let mut command = Command::new(workspace.program(chapter)?);
    command.arg("--systems");
    let run = subprocess::run(command, Duration::from_secs(60))?;
    check_status(&run)?;
    let lines = run.stdout.lines().filter_map(|line| {
        let (slug, rest) = line.split_once('\t')?;
        rest.starts_with("windows\t").then(|| slug.to_string())
    });
    Ok(lines.collect())
}

/// A Wine with a folder of its own, whose processes end with it.
struct Wine {
    folder: PathBuf,
    /// The same workspace; its programs are scripts that start Wine.
    workspace: Workspace,
}

/// What Debian 12's Wine lacks and Rust's standard library asks for: random
/// bytes, which an older name of Windows' own supplies.
const PROCESS_PRNG: &str = r"#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return SystemFunction036(data, (ULONG)length);
}
";

impl Wine {
    /// # Errors
    ///
    /// What is missing, or does not start.
    fn start(workspace: &Workspace) -> Result<Wine> {
        SYSTEMS[0].is_here()?;
        ensure!(find_program("wine").is_some(), "no wine");
        let folder = target(&workspace.root)?.join("wine");
        fs::create_dir_all(&folder)
            .with_context(|| folder.display().to_string())?;
        let wine = Wine {
            workspace: Workspace::open(Some(workspace.root.clone()))?,
            folder,
        };
        // Its first start makes the folder, which two at once would both do.
        let mut boot = Command::new("wineboot");
        boot.arg("--init").envs(wine.environment());
        check_status(&subprocess::run(boot, TOUR_LIMIT)?)?;
        Ok(wine)
    }

    fn environment(&self) -> [(&'static str, PathBuf); 2] {
        let prefix = self.folder.join("prefix");
        [("WINEPREFIX", prefix), ("WINEDEBUG", "-all".into())]
    }

    /// Builds a chapter's program for Windows, and a script that starts it
    /// under Wine in its place.
    fn add(&self, chapter: &str) -> Result<()> {
        let tools = |command: &mut Command| SYSTEMS[0].set_tools(command);
        let root = &self.workspace.root;
        let program = build_for(root, chapter, WINDOWS, tools)?;
        let dll = program.with_file_name("bcryptprimitives.dll");
        if !dll.exists() {
            let source = self.folder.join("process_prng.c");
            fs::write(&source, PROCESS_PRNG)?;
            let mut cc = Command::new(SYSTEMS[0].cc);
            cc.args(["-shared", "-o"]).arg(&dll).arg(&source);
            cc.arg("-ladvapi32");
            check_status(&subprocess::run(cc, LIMIT)?)?;
        }
        let [prefix, debug] = self.environment();
        let script = self.folder.join(chapter);
        let quoted =
            |path: &Path| path.display().to_string().replace('\'', "'\\''");
        let text = format!(
            "#!/bin/sh\n{}='{}' {}='{}' exec wine '{}' \"$@\"\n",
            prefix.0,
            quoted(&prefix.1),
            debug.0,
            quoted(&debug.1),
            quoted(&program),
        );
        fs::write(&script, text)?;
        let mut chmod = Command::new("chmod");
        chmod.arg("+x").arg(&script);
        check_status(&subprocess::run(chmod, TOUR_LIMIT)?)?;
        self.workspace.built(chapter, || Ok(script))?;
        Ok(())
    }

    /// Tours a chapter, and compares its list with this system's.
    fn tour(&self, here: &Workspace, chapter: &Chapter) -> Result<()> {
        let slugs = |workspace: &Workspace| -> Result<Vec<String>> {
            let sections = workspace.sections(chapter)?;
            Ok(sections.into_iter().map(|section| section.slug).collect())
        };
        if slugs(&self.workspace)? != slugs(here)? {
            bail!("`--list` names other sections than here");
        }
        let tour = Command::new(self.workspace.program(&chapter.name)?);
        check_status(&subprocess::run(tour, TOUR_LIMIT)?)
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        // Wine's own server outlives its programs; it serves this folder only.
        let mut kill = Command::new("wineserver");
        kill.arg("-k").envs(self.environment());
        subprocess::run(kill, TOUR_LIMIT).ok();
    }
}
