//! Progress on standard error, for people who wait.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use openclause::Progress;

/// How long a scan runs before it shows progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is counted while registries are asked.
const ASKING: &str = "packages asked about";

/// A bar that appears only when the scan takes long, and never when it is switched off.
pub(crate) struct Bar {
    start: Option<Instant>,
    total: AtomicU64,
    done: AtomicU64,
    bar: OnceLock<ProgressBar>,
    /// What is counted, where it is no longer files.
    asking: AtomicBool,
}

impl Bar {
    /// A bar, switched on or off.
    pub(crate) fn new(on: bool) -> Self {
        Self {
            start: on.then(Instant::now),
            total: AtomicU64::new(0),
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
            asking: AtomicBool::new(false),
        }
    }

    /// Takes note of what was done. Called from many threads, for every file.
    pub(crate) fn tick(&self, progress: Progress) {
        let Some(start) = self.start else { return };
        match progress {
            Progress::Found(files) => self.total.store(files, Ordering::Relaxed),
            Progress::Done(files) => {
                let done = self.done.fetch_add(files, Ordering::Relaxed) + files;
                if start.elapsed() > PATIENCE {
                    self.bar.get_or_init(|| self.draw()).set_position(done);
                }
            }
            Progress::Asking(packages) => {
                self.total.store(packages, Ordering::Relaxed);
                self.done.store(0, Ordering::Relaxed);
                self.asking.store(true, Ordering::Relaxed);
                if let Some(bar) = self.bar.get() {
                    bar.set_length(packages);
                    bar.set_position(0);
                    bar.set_message(ASKING);
                }
            }
        }
    }

    fn draw(&self) -> ProgressBar {
        let bar = ProgressBar::new(self.total.load(Ordering::Relaxed));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} {msg}") {
            bar.set_style(style);
        }
        bar.set_message(if self.asking.load(Ordering::Relaxed) { ASKING } else { "files" });
        bar
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
