//! `bench`: runs the measuring programs and keeps their records.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Result, anyhow, bail};
use artifacts::measurement::{Legend, Record, Row, rounded};
use artifacts::provenance::{machine, today};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cargo::{self, Target, cargo, targets_of};
use crate::workspace::{Chapter, Workspace};

/// Measures one benchmark, one chapter, or all.
///
/// A bench with a [`Legend`] is criterion's, and its record is made of
/// criterion's estimates. Any other prints its record.
pub fn bench(workspace: &Workspace, words: &[String]) -> Result<ExitCode> {
    let mut chapters: Vec<_> = workspace.chapters.iter().collect();
    let wanted = match words {
        [] => None,
        [chapter, ..] => {
            chapters = vec![workspace.chapter(chapter)?];
            words.get(1)
        }
    };
    let mut failed = false;
    let mut measured = 0;
    for chapter in &chapters {
        for target in targets_of(&workspace.root, &chapter.name, "bench")? {
            if wanted.is_some_and(|wanted| *wanted != target.name) {
                continue;
            }
            measured += 1;
            if let Err(err) = measure(&workspace.root, chapter, &target) {
                eprintln!("error: {}: {err}", target.name);
                failed = true;
            }
        }
    }
    match wanted {
        Some(wanted) if measured == 0 => {
            Err(anyhow!("{} has no bench `{wanted}`", chapters[0].name))
        }
        _ => Ok(ExitCode::from(u8::from(failed))),
    }
}

/// Runs one bench, and writes its record.
fn measure(root: &Path, chapter: &Chapter, target: &Target) -> Result<()> {
    let Target { name, features } = target;
    let mut args = vec!["bench", "-p", &chapter.name, "--bench", name];
    if !features.is_empty() {
        args.extend(["--features", features]);
    }
    let command = format!("cargo {}", args.join(" "));
    println!("{command}");
    args.push("--locked");
    let started = SystemTime::now();
    let run = cargo(root, &args)?;
    if run.status != Some(0) {
        bail!("{}\n{}", run.ending(), run.stderr);
    }
    let legend = chapter.dir.join("benches").join(format!("{name}.toml"));
    let record = if legend.is_file() {
        let legend = read(&legend)?;
        let legend: Legend = toml::from_str(&legend)
            .map_err(|err| anyhow!("the legend: {err}"))?;
        // Where criterion puts them.
        let group = cargo::target(root)?.join("criterion").join(name);
        from_criterion(&group, &legend, command, started)?
    } else {
        Record::parse(&run.stdout)?
    };
    let folder = chapter.dir.join("measurements");
    let path = folder.join(format!("{name}.json"));
    let json = record.to_json()?;
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, json))
        .map_err(|err| anyhow!("{}: {err}", path.display()))?;
    println!("    {}, {:.0} s", path.display(), run.took.as_secs_f64());
    Ok(())
}

/// What a benchmark was, as criterion writes it to `benchmark.json`.
#[derive(Deserialize)]
struct Benchmark {
    function_id: Option<String>,
    throughput: Option<Throughput>,
}

/// How many things a benchmark does in one iteration.
#[derive(Deserialize)]
enum Throughput {
    Elements(f64),
}

/// What criterion concludes, in `estimates.json`: nanoseconds an iteration.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    confidence_interval: Interval,
    point_estimate: f64,
}

#[derive(Deserialize)]
struct Interval {
    confidence_level: f64,
    lower_bound: f64,
    upper_bound: f64,
}

/// Makes a record of what criterion has measured in a group since `started`.
///
/// A row of the legend that criterion did not measure is named and left out, as
/// a contender is that is not here.
///
/// # Errors
///
/// Criterion has measured what the legend does not name.
fn from_criterion(
    group: &Path,
    legend: &Legend,
    command: String,
    started: SystemTime,
) -> Result<Record> {
    let mut measured = Vec::new();
    for function in folders(group)? {
        let new = function.join("new");
        let estimates = new.join("estimates.json");
        let written = fs::metadata(&estimates).and_then(|m| m.modified());
        if written.is_ok_and(|written| written >= started) {
            let benchmark: Benchmark = json(&new.join("benchmark.json"))?;
            let estimates: Estimates = json(&estimates)?;
            let key = benchmark.function_id.unwrap_or_default();
            let items = match benchmark.throughput {
                Some(Throughput::Elements(items)) => items,
                None => 1.0,
            };
            measured.push((key, items, estimates.median));
        }
    }
    let known = |key: &str| legend.rows.iter().any(|[known, _]| known == key);
    if let Some((key, ..)) = measured.iter().find(|(key, ..)| !known(key)) {
        bail!("the legend has no row `{key}`");
    }
    let mut confidence = None;
    let mut rows: Vec<Row> = Vec::new();
    let mut base = None;
    for [key, label] in &legend.rows {
        let row = measured.iter().find(|(measured, ..)| measured == key);
        let Some((_, items, median)) = row else {
            println!("    not measured: {label}");
            continue;
        };
        let interval = &median.confidence_interval;
        confidence = Some(interval.confidence_level);
        let value = |ns: f64| ns / items / legend.unit.nanoseconds();
        let of_base = *base.get_or_insert(value(median.point_estimate));
        rows.push(Row {
            key: key.clone(),
            label: label.clone(),
            median: rounded(value(median.point_estimate)),
            spread: Some(
                [interval.lower_bound, interval.upper_bound]
                    .map(|ns| rounded(value(ns))),
            ),
            ratio: legend
                .ratio_to
                .is_some()
                .then(|| rounded(value(median.point_estimate) / of_base)),
        });
    }
    Ok(Record {
        what: format!("{}; criterion's estimates", legend.what),
        command,
        date: today(),
        machine: machine(),
        unit: legend.unit.symbol().to_string(),
        ratio_to: legend.ratio_to.clone().unwrap_or_default(),
        confidence,
        rows,
    })
}

fn folders(path: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(path)
        .and_then(|entries| entries.map(|e| Ok(e?.path())).collect());
    listed.map_err(|err| anyhow!("{}: {err}", path.display()))
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_str(&read(path)?)
        .map_err(|err| anyhow!("{}: {err}", path.display()))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|err| anyhow!("{}: {err}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LEGEND: &str = "
        what = 'One of each'
        unit = 'µs'
        ratio_to = 'a lock'
        rows = [['lock', 'a lock'], ['ping', 'a message'], ['gone', 'a peer']]
    ";

    /// Writes what criterion would write.
    fn estimate(group: &Path, key: &str, items: &str, median: f64) {
        let new = group.join(key).join("new");
        fs::create_dir_all(&new).unwrap();
        let benchmark = format!(
            r#"{{"group_id": "costs", "function_id": "{key}",
                "throughput": {items}, "title": "costs/{key}"}}"#
        );
        fs::write(new.join("benchmark.json"), benchmark).unwrap();
        let [low, high] = [median * 0.9, median * 1.1];
        let estimates = format!(
            r#"{{"median": {{"confidence_interval": {{"confidence_level": 0.95,
                "lower_bound": {low}, "upper_bound": {high}}},
                "point_estimate": {median}, "standard_error": 1.0}}}}"#
        );
        fs::write(new.join("estimates.json"), estimates).unwrap();
    }

    fn record(group: &Path, started: SystemTime) -> Result<Record> {
        let legend = toml::from_str(LEGEND).unwrap();
        from_criterion(group, &legend, "cargo bench".to_string(), started)
    }

    #[test]
    fn estimates_become_rows_in_the_order_and_unit_of_the_legend() {
        let group = tempfile::tempdir().unwrap();
        let group = group.path();
        let started = SystemTime::now() - Duration::from_secs(60);
        estimate(group, "ping", r#"{"Elements": 2}"#, 8_000.0);
        estimate(group, "lock", "null", 2_000.0);
        let record = record(group, started).unwrap();
        record.to_json().unwrap();
        let keys = record.rows.iter().map(|row| row.key.as_str());
        assert_eq!(keys.collect::<Vec<_>>(), ["lock", "ping"]);
        let ping = &record.rows[1];
        assert_eq!((ping.median, ping.ratio), (4.0, Some(2.0)));
        assert_eq!(ping.spread, Some([3.6, 4.4]));
        assert_eq!(record.confidence, Some(0.95));
    }

    #[test]
    fn estimates_of_an_earlier_run_are_not_taken() {
        let group = tempfile::tempdir().unwrap();
        estimate(group.path(), "lock", "null", 2_000.0);
        let later = SystemTime::now() + Duration::from_secs(60);
        assert!(record(group.path(), later).unwrap().rows.is_empty());
    }

    #[test]
    fn benchmark_missing_from_the_legend_is_refused() {
        let group = tempfile::tempdir().unwrap();
        let started = SystemTime::now() - Duration::from_secs(60);
        estimate(group.path(), "lokc", "null", 2_000.0);
        assert_eq!(
            record(group.path(), started).unwrap_err().to_string(),
            "the legend has no row `lokc`"
        );
    }

    #[test]
    fn every_legend_is_of_a_bench_and_its_record_has_its_labels() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let workspace = folders(&root).unwrap();
        let mut legends = 0;
        for benches in workspace.iter().map(|dir| dir.join("benches")) {
            if !benches.is_dir() {
                continue;
            }
            for path in folders(&benches).unwrap() {
                if path.extension().is_none_or(|ending| ending != "toml") {
                    continue;
                }
                legends += 1;
                let shown = path.display();
                assert!(path.with_extension("rs").is_file(), "{shown}");
                let legend: Legend =
                    toml::from_str(&read(&path).unwrap()).unwrap();
                let name = path.file_stem().unwrap().to_string_lossy();
                let record = format!("../measurements/{name}.json");
                let record = read(&benches.join(record)).unwrap();
                let record = Record::parse(&record).unwrap();
                for row in record.rows {
                    let known = [row.key, row.label];
                    assert!(legend.rows.contains(&known), "{known:?} {shown}");
                }
            }
        }
        assert!(legends > 10, "only {legends} legends were found");
    }
}
