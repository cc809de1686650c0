//! The simulation beside Python's, and its command line.

use std::process::{Command, Output};

use ch03_generators::taxi::random::Random;

fn taxi(options: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ch03-generators"))
        .arg("taxi")
        .args(options.split_whitespace())
        .output()
        .expect("the program starts")
}

/// Runs Python, or says that there is none.
fn python(args: &[&str]) -> Option<Output> {
    let Ok(output) = Command::new("python3").args(args).output() else {
        eprintln!("skipped: no python3");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(output)
}

#[test]
fn every_fleet_has_the_day_that_python_gives_it() {
    let twin = concat!(env!("CARGO_MANIFEST_DIR"), "/src/taxi/twin.py");
    for options in [
        "",
        "--seed 3 --end 60",
        "--seed 3 --end 120",
        "--seed 10 --taxis 2",
        "--seed -10 --taxis 2",
        "--seed 7 --taxis 5",
        "--seed 0 --taxis 0",
        "--seed 0 --taxis 1 --end 0",
        "--seed 4294967306 --taxis 20 --end 1000",
        "--seed 9223372036854775807 --taxis 40 --end 100000",
    ] {
        let args: Vec<&str> =
            [twin].into_iter().chain(options.split(' ')).collect();
        let args = args.into_iter().filter(|arg| !arg.is_empty());
        let Some(theirs) = python(&args.collect::<Vec<_>>()) else {
            return;
        };
        let ours = taxi(options);
        assert!(ours.status.success(), "{options}");
        let ours = String::from_utf8(ours.stdout).expect("ours is UTF-8");
        let theirs = String::from_utf8(theirs.stdout).expect("so is theirs");
        // Windows' Python ends its lines otherwise.
        let theirs = theirs.replace('\r', "");
        assert!(ours.ends_with("***\n"), "{ours}");
        assert_eq!(ours, theirs, "taxi {options}");
    }
}

#[test]
fn random_numbers_are_printed_alike() {
    const SEEDS: [i64; 6] = [0, 1, 10, -10, 1 << 32, i64::MAX];
    let script = "import random\n\
        for seed in 0, 1, 10, -10, 2**32, 2**63 - 1:\n \
            dice = random.Random(seed)\n \
            for _ in range(1000): print(repr(dice.random()))\n";
    let Some(theirs) = python(&["-c", script]) else {
        return;
    };
    let theirs = String::from_utf8(theirs.stdout).expect("digits are UTF-8");
    let mut theirs = theirs.lines();
    for seed in SEEDS {
        let mut dice = Random::new(seed);
        for _ in 0..1_000 {
            let number = dice.random();
            let their = theirs.next().expect("a number for each of ours");
            assert_eq!(their.parse(), Ok(number), "seed {seed}");
            // Python turns to exponents for what is smaller.
            if number >= 0.0001 {
                assert_eq!(format!("{number:?}"), their, "seed {seed}");
            }
        }
    }
    assert_eq!(theirs.next(), None);
}

#[test]
fn a_wrong_value_is_one_error_that_names_it() {
    for (options, named) in [
        ("--taxis -1", "--taxis"),
        ("--taxis 100000", "--taxis"),
        ("--end NaN", "--end"),
        ("--end 123456789012345678901234567890", "--end"),
        ("--seed", "--seed"),
        ("--minute nan", "--minute"),
        ("--passengers 3", "--passengers"),
        ("3", "3"),
    ] {
        let run = taxi(options);
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{options}: {said}");
        assert!(run.stdout.is_empty(), "{options}");
        let error = said.lines().next().unwrap_or_default();
        assert!(error.starts_with("error: "), "{options}: {said}");
        assert!(error.contains(named), "{options}: {said}");
    }
}

#[test]
fn an_end_that_is_never_reached_ends() {
    let run = taxi(&format!("--end {}", u64::MAX));
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.ends_with("*** end of events ***\n"), "{said}");
}
