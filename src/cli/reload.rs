//! Content that changes while the desk is open.

use std::{
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use anyhow::Context;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{error, info, warn};

use super::{Content, model};
use crate::{
    desk::Desk,
    dialogue::load::{self, File},
};

/// An author's program may write a file in several goes: content is read when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(300);

/// Watches `folder` as long as what is returned lives. A set without faults is taken over at once; of any other the
/// faults are logged, and the desk goes on with what it has.
pub(super) fn watch(folder: &Path, content: Content, desk: Arc<Desk>) -> anyhow::Result<RecommendedWatcher> {
    let mut known = content.files()?;
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading the content is an event too on some systems.
        if !event.is_ok_and(|event| event.kind.is_access()) {
            // The desk has closed when nobody listens.
            let _ = sender.send(());
        }
    })?;
    watcher.watch(folder, RecursiveMode::Recursive).with_context(|| format!("watching {}", folder.display()))?;
    thread::spawn(move || {
        while changes.recv().is_ok() {
            while changes.recv_timeout(QUIET).is_ok() {}
            if let Err(error) = renew(&content, &desk, &mut known) {
                error!("dialogs/ cannot be read, the content before stays in use: {error:#}");
            }
        }
    });
    Ok(watcher)
}

/// Takes over what now lies in the folder when it is another than `known` and without fault.
fn renew(content: &Content, desk: &Desk, known: &mut Vec<File>) -> anyhow::Result<()> {
    let files = content.files()?;
    if files == *known {
        return Ok(());
    }
    known.clone_from(&files);
    let (script, problems) = load::load(files.clone());
    for problem in &problems {
        warn!("{problem}");
    }
    if problems.is_empty() {
        let reader = model::reader(&files, &script);
        desk.renew(Arc::new(script), Arc::new(reader));
        info!("the content was renewed");
    } else {
        error!(faults = problems.len(), "dialogs/ has faults, the content before stays in use");
    }
    Ok(())
}
