//! The house rules that no compiler checks: who may import whom, and how long a file may be.

use std::{fs, path::Path};

/// Modules and what of the crate they may name.
const MAY_IMPORT: [(&str, &[&str]); 11] = [
    ("domain", &["domain"]),
    ("understanding", &["understanding", "domain"]),
    ("store", &["store", "domain"]),
    ("outbound", &["outbound"]),
    ("gateway", &["gateway", "outbound", "store", "domain"]),
    ("services", &["services", "store", "domain"]),
    ("dialogue", &["dialogue", "services", "understanding", "domain"]),
    ("demo", &["demo", "gateway", "store", "domain"]),
    ("desk", &["desk", "dialogue", "services", "understanding", "store", "domain"]),
    ("channels", &["channels", "desk", "outbound", "domain"]),
    ("cli", &["cli", "channels", "desk", "demo", "dialogue", "gateway", "services", "store", "understanding", "domain"]),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push((path.to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn imports_go_one_way_and_files_stay_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut faults = Vec::new();
    for (path, text) in &files {
        let short = path.rsplit_once("/src/").map_or(path.as_str(), |(_, short)| short);
        if text.lines().count() > 400 {
            faults.push(format!("{short}: {} lines", text.lines().count()));
        }
        if short.ends_with("mod.rs") {
            faults.push(format!("{short}: modules are named, not mod.rs"));
        }
        let module = short.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else { continue };
        for (line, at) in text.lines().zip(1..) {
            for (place, _) in line.match_indices("crate::") {
                let target = line[place + 7..].split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                if !target.is_empty() && !allowed.contains(&target) {
                    faults.push(format!("{short}:{at}: `{module}` may not import `{target}`"));
                }
            }
        }
        let mut inside = false;
        for (line, at) in text.lines().zip(1..) {
            inside |= line == "use crate::{";
            if inside && line.starts_with("    ") && !line.starts_with("     ") {
                let target = line.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                if !target.is_empty() && !allowed.contains(&target) {
                    faults.push(format!("{short}:{at}: `{module}` may not import `{target}`"));
                }
            }
            inside &= line != "};";
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
