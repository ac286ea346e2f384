//! `wenban chat`

use clap::Args;

use super::{
    Content, block_on,
    desk::{Outward, Place, desk},
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
        block_on(async {
            let desk = desk(&self.content, self.place.open().await?, None, Outward::terminal())?;
            let peer = terminal::peer(format!("chat-{:016x}", rand::random::<u64>()));
            terminal::chat(&desk, &peer, std::io::stdin().lock(), std::io::stdout()).await?;
            Ok(())
        })
    }
}
