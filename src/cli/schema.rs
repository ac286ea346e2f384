//! `wenban schema`

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::dialogue::schema;

/// Where the schemas go.
#[derive(Args, Debug)]
pub(super) struct Schema {
    /// 写到哪个目录 · folder to write to
    #[arg(value_name = "DIR", default_value = "schema")]
    folder: PathBuf,
}

impl Schema {
    /// One file for every kind of file in `dialogs/`.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.folder).with_context(|| format!("making {}", self.folder.display()))?;
        for (name, text) in schema::all() {
            let path = self.folder.join(name);
            std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }
}
