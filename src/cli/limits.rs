//! What the process may take of the machine.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// No core dumps, which hold keys and records (security.md ENC-07), and as many open files as the machine allows: 1,024, the usual
/// number, is fewer than a desk's connections and databases take. Where it is refused, `wenban doctor` says so.
pub(super) fn set() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let files = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: files.maximum, ..files });
}
