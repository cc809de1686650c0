//! Makes of each folder `chNN/NAME/` a module for each of its variants, so
//! that adding an exercise is adding a folder.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let home =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for chapter in ["ch01", "ch02", "ch03", "ch04", "ch05"] {
        let mut modules = String::new();
        let mut table = String::new();
        for folder in sorted(&home.join(chapter))? {
            if !folder.is_dir() {
                continue;
            }
            let name = file_name(&folder);
            writeln!(
                table,
                "Exercise {{ chapter: {chapter:?}, name: {name:?}, variants: &["
            )
            .map_err(io::Error::other)?;
            for (variant, path) in variants(&folder)? {
                let module =
                    format!("{name}_{variant}").replace(['-', '/'], "_");
                modules += &module_of(
                    &module,
                    &path,
                    &folder.join("check.rs"),
                    &variant,
                );
                writeln!(table, "    ({variant:?}, {module}::check::check),")
                    .map_err(io::Error::other)?;
            }
            table += "]},\n";
        }
        let text = format!(
            "use exercise_harness::Exercise;\n{modules}\nconst EXERCISES: &[Exercise] = &[{table}];\n"
        );
        fs::write(out.join(format!("{chapter}.rs")), text)?;
        println!("cargo::rerun-if-changed={chapter}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// Returns what is to be checked: the stub, the reference, the wrong ones.
fn variants(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut variants = vec![
        ("stub".to_string(), folder.join("stub.rs")),
        ("reference".to_string(), folder.join("reference.rs")),
    ];
    for path in sorted(&folder.join("wrong"))? {
        if path.extension().is_some_and(|ending| ending == "rs") {
            let stem = path.with_extension("");
            variants.push((format!("wrong/{}", file_name(&stem)), path));
        }
    }
    Ok(variants)
}

fn module_of(
    module: &str,
    solution: &Path,
    check: &Path,
    variant: &str,
) -> String {
    // What is unfinished or wrong on purpose is not told so by the lints.
    let lints = match variant {
        "reference" => "#[allow(dead_code, clippy::duplicate_mod)]",
        _ => {
            "#[allow(warnings, clippy::all, clippy::unwrap_used, clippy::await_holding_lock)]"
        }
    };
    format!(
        "{lints}\nmod {module} {{\n    #[path = {solution:?}]\n    pub mod solution;\n    \
         #[path = {check:?}]\n    #[allow(clippy::duplicate_mod)]\n    pub mod check;\n}}\n"
    )
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let paths: io::Result<Vec<PathBuf>> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect();
    let mut paths = paths?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
