//! The kiosk page as bytes: `build.rs` builds it with Vite, this crate embeds what came out.
//!
//! It is a crate of its own so that a change to the page compiles nothing else again. See `build.rs` for the two
//! variables that go around Node.

#![forbid(unsafe_code)]

use std::{borrow::Cow, fmt::Write as _};

/// Every file of the built page, in debug builds too.
#[derive(rust_embed::Embed)]
#[folder = "$KIOSK_DIST_DIR"]
pub struct Assets;

/// A file of the page and its strong `ETag`, quotes included; `None` when the page has no such file.
///
/// `path` is as the build wrote it, without a leading slash: `index.html`, `icon.svg`, `assets/kiosk-D1x2.js`.
/// What lies under `assets/` has a hash of its content in its name and may be cached for ever; the rest must be
/// asked for again, for which the tag is the SHA-256 of the content.
pub fn file(path: &str) -> Option<(Cow<'static, [u8]>, String)> {
    let file = Assets::get(path)?;
    let hash = file.metadata.sha256_hash();
    let mut tag = String::with_capacity(2 + 2 * hash.len());
    tag.push('"');
    for byte in hash {
        write!(tag, "{byte:02x}").ok()?;
    }
    tag.push('"');
    Some((file.data, tag))
}

#[cfg(test)]
mod tests {
    use super::{Assets, file};

    #[test]
    fn the_page_is_there_and_has_a_tag() {
        let (page, tag) = file("index.html").expect("every build has a page");
        assert!(String::from_utf8_lossy(&page).contains("<html lang=\"zh-CN\""));
        assert_eq!(tag.len(), 66);
        assert!(tag.starts_with('"') && tag.ends_with('"'));
    }

    #[test]
    fn what_is_not_of_the_page_is_none() {
        for path in ["", "/index.html", "../Cargo.toml", "assets"] {
            assert!(file(path).is_none(), "{path}");
        }
    }

    #[test]
    fn every_file_is_found_under_its_own_name() {
        assert!(Assets::iter().all(|path| file(&path).is_some()));
    }
}
