//! `wenban chat`

use std::sync::Arc;

use clap::Args;

use super::{
    Content,
    desk::{Place, TerminalMessenger, desk},
};
use crate::channels::terminal;

/// A conversation in the terminal.
#[derive(Args, Debug)]
pub(super) struct Chat {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    content: Content,
}

impl Chat {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let desk = desk(&self.content, self.place.open().await?, None, Arc::new(TerminalMessenger), None)?;
            let peer = terminal::peer(format!("chat-{:016x}", rand::random::<u64>()));
            terminal::chat(&desk, &peer, std::io::stdin().lock(), std::io::stdout()).await?;
            Ok(())
        })
    }
}
