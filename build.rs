//! Builds again when `dialogs/` changes: the content is embedded.

fn main() {
    println!("cargo::rerun-if-changed=dialogs");
    println!("cargo::rerun-if-changed=build.rs");
}
