//! Builds the kiosk page with Vite into `OUT_DIR`, for `lib.rs` to embed. Nothing is written into the source tree.
//!
//! Two environment variables go around Node:
//! - `KIOSK_DIST=dir` embeds a page that was built elsewhere (packaging without a network);
//! - `KIOSK_SKIP=1` embeds an empty page (work on the server).

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

/// What the page is made of. A change to any of them, and to nothing else, builds it again.
const INPUTS: [&str; 8] = ["src", "public", "index.html", "package.json", "package-lock.json", ".npmrc", "vite.config.ts", "tsconfig.json"];

/// The words for a machine where npm does not start.
const NO_NODE: &str = "the kiosk page needs Node.js 20.19 or newer with npm: install it, \
    or set KIOSK_DIST to the folder of a built page, or KIOSK_SKIP=1 to leave the page out";

/// What stands in for the page under `KIOSK_SKIP`.
const EMPTY_PAGE: &str =
    "<!doctype html>\n<html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>问办</title><p>本程序未包含一体机页面。</p></html>\n";

fn main() {
    let root = folder_from("CARGO_MANIFEST_DIR");
    let out = folder_from("OUT_DIR");
    let dist = out.join("dist");

    for input in INPUTS {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=KIOSK_DIST");
    println!("cargo::rerun-if-env-changed=KIOSK_SKIP");
    println!("cargo::rustc-env=KIOSK_DIST_DIR={}", dist.display());

    if let Some(built) = env::var_os("KIOSK_DIST") {
        let built = PathBuf::from(built);
        println!("cargo::rerun-if-changed={}", built.display());
        replace(&built, &dist).unwrap_or_else(|error| panic!("KIOSK_DIST: copying {} failed: {error}", built.display()));
    } else if env::var_os("KIOSK_SKIP").is_some() {
        empty_page(&dist).unwrap_or_else(|error| panic!("KIOSK_SKIP: writing {} failed: {error}", dist.display()));
    } else {
        build(&root, &out.join("kiosk-src"), &dist);
    }
}

/// Copies the sources to `work` and builds them there into `dist`.
fn build(root: &Path, work: &Path, dist: &Path) {
    for input in INPUTS {
        let (from, to) = (root.join(input), work.join(input));
        replace(&from, &to).unwrap_or_else(|error| panic!("copying {} failed: {error}", from.display()));
    }

    // The packages are those of the lock file that stands in the stamp; it is written last, so that a broken
    // installation is made again.
    let stamp = work.join("installed.lock");
    let lock = fs::read(work.join("package-lock.json")).expect("the lock file was just copied");
    if fs::read(&stamp).ok().as_ref() != Some(&lock) {
        let status = npm(work, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        assert!(status.success(), "npm ci of the kiosk page failed ({status}); KIOSK_DIST or KIOSK_SKIP=1 go around it");
        fs::write(&stamp, lock).unwrap_or_else(|error| panic!("writing {} failed: {error}", stamp.display()));
    }

    let out_dir = dist.to_str().expect("cargo's folders are valid UTF-8");
    let status = npm(work, ["exec", "--", "vite", "build", "--outDir", out_dir, "--emptyOutDir", "--logLevel", "warn"]);
    assert!(status.success(), "vite could not build the kiosk page ({status}); its own words are above");
}

/// Runs npm in `folder`.
fn npm<const N: usize>(folder: &Path, arguments: [&str; N]) -> ExitStatus {
    // Windows starts a batch file only under its full name.
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Command::new(program).args(arguments).current_dir(folder).status().unwrap_or_else(|error| panic!("{NO_NODE} ({error})"))
}

/// Makes `to` the same file or folder as `from`: what was there before is gone.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if to.is_dir() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

/// Copies a file, or a folder with all in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Leaves nothing in `dist` but [`EMPTY_PAGE`].
fn empty_page(dist: &Path) -> io::Result<()> {
    if dist.is_dir() {
        fs::remove_dir_all(dist)?;
    }
    fs::create_dir_all(dist)?;
    fs::write(dist.join("index.html"), EMPTY_PAGE)
}

/// A folder that cargo names in the environment.
fn folder_from(variable: &str) -> PathBuf {
    env::var_os(variable).unwrap_or_else(|| panic!("cargo sets {variable}")).into()
}
