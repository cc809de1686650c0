//! A transcript's command, taken apart: what is built, and what then runs.

use anyhow::{Result, bail};

/// What a command of a transcript comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Plan {
    /// `cargo run`: a build, and a program with its arguments.
    Run {
        /// What cargo is to do.
        build: Vec<String>,
        /// The program's arguments.
        args: Vec<String>,
    },
    /// `cargo check`: the compiler's words are the output.
    Check {
        /// What cargo is to do.
        build: Vec<String>,
    },
    /// `python3`: a file and its arguments.
    Python {
        /// As Python takes them.
        args: Vec<String>,
    },
}

impl Plan {
    /// Takes a command apart.
    ///
    /// # Errors
    ///
    /// It is none that a transcript has.
    pub fn of(command: &str) -> Result<Plan> {
        let words: Vec<&str> = command.split_whitespace().collect();
        let own = |words: &[&str]| -> Vec<String> {
            words.iter().map(|word| (*word).to_string()).collect()
        };
        // The server reads what cargo prints, and shows all of it.
        let build = |verb: &str, words: &[&str]| {
            let mut build = vec![verb.to_string(), "--locked".to_string()];
            let loud =
                words.iter().filter(|w| !matches!(**w, "-q" | "--quiet"));
            build.extend(loud.map(|word| (*word).to_string()));
            build
        };
        Ok(match words[..] {
            ["cargo", "run", ref rest @ ..] => {
                let end = rest.iter().position(|word| *word == "--");
                let end = end.unwrap_or(rest.len());
                Plan::Run {
                    build: build("build", &rest[..end]),
                    args: own(rest.get(end + 1..).unwrap_or_default()),
                }
            }
            ["cargo", "check", ref rest @ ..] => Plan::Check {
                build: build("check", rest),
            },
            ["python3", ref args @ ..] => Plan::Python { args: own(args) },
            _ => bail!("`{command}` is no command of a transcript"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn a_command_is_a_build_and_a_program() {
        let run = Plan::of("cargo run -q -p a --example b -- c --d").unwrap();
        assert_eq!(
            run,
            Plan::Run {
                build: words("build --locked -p a --example b"),
                args: words("c --d"),
            }
        );
        let bare = Plan::of("cargo run -p a").unwrap();
        let build = words("build --locked -p a");
        assert_eq!(
            bare,
            Plan::Run {
                build,
                args: vec![]
            }
        );
        let build = words("check --locked -p a");
        assert_eq!(
            Plan::of("cargo check -q -p a").unwrap(),
            Plan::Check { build }
        );
        assert!(Plan::of("rm -r x").is_err());
        assert!(Plan::of("cargo install x").is_err());
    }
}
