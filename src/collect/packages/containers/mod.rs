//! Container images: what Dockerfiles, compose files, Kubernetes manifests and Helm values build on and run.

pub(super) mod compose;
pub(super) mod dockerfile;
pub(super) mod image;
pub(super) mod kubernetes;
pub(super) mod pipelines;

use std::collections::HashSet;

use super::locks;
use crate::collect::SourceFile;
use crate::model::{Ecosystem, Evidence, Locked, Region, Scope};

/// Container images.
const DOCKER: Ecosystem = Ecosystem::of("docker");

/// Collects the images of a file, each once.
struct Images {
    scope: Scope,
    packages: Vec<Locked>,
    seen: HashSet<String>,
}

impl Images {
    fn new(scope: Scope) -> Self {
        Self { scope, packages: Vec::new(), seen: HashSet::new() }
    }

    /// Adds the image that a text names; what is no image, or is put together elsewhere, is left out.
    fn add(&mut self, text: &str, region: impl FnOnce() -> Option<Region>) {
        let Some(image) = image::parse(text) else { return };
        let package = image.locked();
        if self.seen.insert(package.purl.clone()) {
            self.packages.push(Locked { scope: Some(self.scope), direct: Some(true), region: region(), ..package });
        }
    }

    fn finish(self, file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
        if !self.packages.is_empty() {
            out.push(locks::lock(file, DOCKER, self.packages));
        }
    }
}
