//! Builds again when `dialogs/` or `migrations/` change: both are embedded.

fn main() {
    println!("cargo::rerun-if-changed=dialogs");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=build.rs");
}
