//! The environment of the programs that are run: the same on every machine.

use std::process::Command;

/// Set for every program, so that it prints the same on every machine.
pub const SET: [(&str, &str); 4] = [
    ("RUST_BACKTRACE", "0"),
    ("CARGO_TERM_COLOR", "never"),
    // Python would write its caches beside the twins.
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("PYTHONUTF8", "1"),
];

/// Removed for every program.
pub const CLEARED: [&str; 1] = ["NO_COLOR"];

/// Where no proxy answers: the port of a service that discards all.
const DEAD_PROXY: &str = "http://127.0.0.1:9";

/// The variables that name a proxy; of some, programs read one case only.
///
/// Every section talks to servers of its own on loopback, which no proxy can
/// reach: one that goes through the proxies of its environment fails with
/// these, whatever the environment of the runner is.
pub const DEAD_PROXIES: [(&str, &str); 6] = [
    ("http_proxy", DEAD_PROXY),
    ("HTTP_PROXY", DEAD_PROXY),
    ("https_proxy", DEAD_PROXY),
    ("HTTPS_PROXY", DEAD_PROXY),
    ("all_proxy", DEAD_PROXY),
    ("ALL_PROXY", DEAD_PROXY),
];

/// Removed from a section's environment: each turns proxies off for some
/// programs, and would hide that they are used.
pub const NO_PROXIES: [&str; 3] = ["no_proxy", "NO_PROXY", "REQUEST_METHOD"];

/// Takes away what would make a program print differently from one machine to
/// the next.
pub fn normalize_env(command: &mut Command) {
    command.envs(SET);
    CLEARED.iter().for_each(|name| {
        command.env_remove(name);
    });
}

/// Names a proxy that is not there, in all ways: [`DEAD_PROXIES`].
pub fn with_dead_proxies(command: &mut Command) {
    command.envs(DEAD_PROXIES);
    NO_PROXIES.iter().for_each(|name| {
        command.env_remove(name);
    });
}

/// Says which variables the runner sets and clears for the programs it runs.
pub fn environment_help() -> String {
    let set = SET.map(|(name, value)| format!("  {name}={value}\n"));
    format!(
        "Environment of the programs that are run:\n{}  without {}\n\
         Sections, moreover, with {DEAD_PROXY}, where nothing\n\
         listens, as:\n  {}\n  without {}",
        set.concat(),
        CLEARED.join(", "),
        DEAD_PROXIES.map(|(name, _)| name).join(", "),
        NO_PROXIES.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn the_help_names_every_variable_that_is_set_or_cleared() {
        let mut command = Command::new("true");
        normalize_env(&mut command);
        with_dead_proxies(&mut command);
        let help = environment_help();
        let words: Vec<&str> = help.split([' ', ',', '=', '\n']).collect();
        for (name, _) in command.get_envs() {
            let named = words.iter().any(|word| OsStr::new(word) == name);
            assert!(named, "{name:?} is not in\n{help}");
        }
        assert!(help.lines().all(|line| line.len() <= 80), "{help}");
    }
}
