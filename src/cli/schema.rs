//! `wenban schema`

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::{dialogue::schema, gateway::contract};

/// Where the schemas go.
#[derive(Args, Debug)]
pub(super) struct Schema {
    /// 写到哪个目录 · folder to write to
    #[arg(value_name = "DIR", default_value = "schema")]
    folder: PathBuf,
}

impl Schema {
    /// One file for every kind of file in `dialogs/`, and for every body of the core system's contract.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        for (name, text) in schema::all().into_iter().chain(contract::schemas()) {
            let path = self.folder.join(name);
            let folder = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
            std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }
}
