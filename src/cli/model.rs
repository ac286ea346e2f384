//! The trained model, kept between starts.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

use sha2::{Digest, Sha256};
use tracing::{debug, warn};

use crate::{
    dialogue::{load, script::Script},
    understanding::Reader,
};

/// The reader of `script`, from the cache when it was learnt by this very program from these very `files`; else trained and
/// kept. A cache that cannot be read or written costs the time of training and nothing else.
pub(super) fn reader(files: &[load::File], script: &Script) -> Reader {
    let train = || Reader::train(&script.words, &script.examples);
    let Some(folder) = dirs::cache_dir().map(|caches| caches.join("wenban")) else { return train() };
    let (place, seal) = (folder.join("understanding.model"), fingerprint(files));
    let kept = fs::read(&place).ok();
    let learnt = kept.as_deref().and_then(|kept| kept.strip_prefix(&seal[..]));
    if let Some(reader) = learnt.and_then(|learnt| Reader::recall(&script.words, &script.examples, learnt)) {
        debug!(place = %place.display(), "the trained model came from the cache");
        return reader;
    }
    let reader = train();
    if let Err(error) = keep(&reader, &seal, &folder, &place) {
        warn!(%error, place = %place.display(), "the trained model could not be kept: the next start trains again");
    }
    reader
}

/// Changes with the content and with the program, whose features the model belongs to.
fn fingerprint(files: &[load::File]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (path, text) in files {
        for part in [path, text] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
    }
    if let Ok(program) = std::env::current_exe().and_then(fs::metadata) {
        hash.update(program.len().to_le_bytes());
        hash.update(format!("{:?}", program.modified().ok()));
    }
    hash.finalize().into()
}

/// Another start never sees half a file.
fn keep(reader: &Reader, seal: &[u8], folder: &Path, place: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let half = folder.join(format!("understanding.{}", std::process::id()));
    let write = || {
        let mut file = BufWriter::new(File::create(&half)?);
        file.write_all(seal)?;
        reader.keep(&mut file)?;
        file.flush()?;
        fs::rename(&half, place)
    };
    write().inspect_err(|_| drop(fs::remove_file(&half)))
}
