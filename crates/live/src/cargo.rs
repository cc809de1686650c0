//! Cargo: what it builds, what it says meanwhile, what the compiler refuses.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::event::{Event, Events};
use crate::process::Limits;
use crate::reaper::Reaper;

/// What a build came to.
#[derive(Debug, Default)]
pub struct Built {
    /// The program, if one was built.
    pub program: Option<PathBuf>,
    /// Cargo's exit status.
    pub status: Option<i32>,
    /// What the compiler and cargo said, without colours.
    pub words: String,
    /// The compiler's first error, in a line.
    pub error: Option<String>,
}

/// Runs cargo in `folder`. With `out`, the programs go there, and `target` has
/// what they are made of.
///
/// # Errors
///
/// Cargo cannot be started.
pub async fn build(
    folder: &Path,
    target: &Path,
    out: Option<&Path>,
    args: &[String],
    limits: &Limits,
    reaper: &Reaper,
    events: &Events,
) -> Result<Built> {
    let mut command = std::process::Command::new("cargo");
    command.current_dir(folder);
    subprocess::environment::normalize_env(&mut command);
    command.env("CARGO_BUILD_BUILD_DIR", target);
    command.env("CARGO_TARGET_DIR", out.unwrap_or(target));
    // The colours are asked for with the format.
    command.args(args);
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    let mut command = Command::from(command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mark = reaper.mark(&mut command);
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn().context("cargo")?;
    let _group = reaper.watch(&child, mark);
    let stdout = child.stdout.take().context("no stdout")?;
    let stderr = child.stderr.take().context("no stderr")?;
    let mut stdout = BufReader::new(stdout).lines();
    let mut stderr = BufReader::new(stderr).lines();
    let (mut out_open, mut err_open) = (true, true);
    let (mut built, mut says) = (Built::default(), String::new());
    let deadline = tokio::time::sleep(limits.time);
    tokio::pin!(deadline);
    while out_open || err_open {
        tokio::select! {
            line = stdout.next_line(), if out_open => match line {
                Ok(Some(line)) => built.message(&line, events).await,
                _ => out_open = false,
            },
            line = stderr.next_line(), if err_open => match line {
                Ok(Some(line)) => {
                    says += &line;
                    says.push('\n');
                    events.send(Event::Build { line }).await.ok();
                }
                _ => err_open = false,
            },
            () = &mut deadline => anyhow::bail!("the build takes too long"),
            () = limits.stop.notified() => anyhow::bail!("stopped"),
            () = events.closed() => anyhow::bail!("the page was closed"),
        }
    }
    built.status = child.wait().await.context("cargo")?.code();
    // As cargo prints them: the compiler's words, then its own.
    let progress = ["Compiling", "Checking", "Finished", "Blocking"];
    let own = says.lines().filter(|line| {
        !progress.iter().any(|p| line.trim_start().starts_with(p))
    });
    for line in own {
        built.words += line;
        built.words.push('\n');
    }
    Ok(built)
}

impl Built {
    async fn message(&mut self, line: &str, events: &Events) {
        // What is no JSON is no message.
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            return;
        };
        if let Some(program) = message["executable"].as_str() {
            self.program = Some(PathBuf::from(program));
        }
        let Some(event) = diagnostic(&message["message"]) else {
            return;
        };
        if let Event::Diagnostic {
            file,
            line,
            level,
            message,
            rendered,
            ..
        } = &event
        {
            self.words += &without_colours(rendered);
            if level == "error" && self.error.is_none() {
                self.error = Some(format!("{message} ({file}:{line})"));
            }
        }
        events.send(event).await.ok();
    }
}

/// Reads one message of the compiler.
fn diagnostic(message: &Value) -> Option<Event> {
    let rendered = message["rendered"].as_str()?;
    let spans = message["spans"].as_array().map_or(&[][..], |spans| spans);
    let main = spans.iter().find(|span| span["is_primary"] == true);
    let empty = Value::Null;
    let main = main.unwrap_or(&empty);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    Some(Event::Diagnostic {
        file: text(&main["file_name"]),
        line: main["line_start"].as_u64().unwrap_or_default(),
        column: main["column_start"].as_u64().unwrap_or_default(),
        level: text(&message["level"]),
        message: text(&message["message"]),
        rendered: rendered.to_string(),
    })
}

/// Takes a terminal's colours out of a text.
pub fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split('\u{1b}');
    plain += parts.next().unwrap_or_default();
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic());
        plain += end.and_then(|end| part.get(end + 1..)).unwrap_or(part);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_and_nothing_else() {
        let red = "\u{1b}[38;5;9merror\u{1b}[0m: [a]";
        assert_eq!(without_colours(red), "error: [a]");
    }

    #[test]
    fn a_diagnostic_has_the_place_of_its_main_span() {
        let message = serde_json::json!({
            "rendered": "error: x", "level": "error", "message": "x",
            "spans": [
                { "is_primary": false, "file_name": "b.rs", "line_start": 1,
                  "column_start": 1 },
                { "is_primary": true, "file_name": "a.rs", "line_start": 7,
                  "column_start": 3 },
            ],
        });
        let Some(Event::Diagnostic { file, line, .. }) = diagnostic(&message)
        else {
            panic!("no diagnostic");
        };
        assert_eq!((file.as_str(), line), ("a.rs", 7));
        assert!(diagnostic(&Value::Null).is_none());
    }
}
