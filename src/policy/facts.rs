//! Facts that the declarative rules may ask of a subject.

use std::borrow::Cow;

use super::pack::SubjectKind;
use super::project::Project;
use crate::model::{Document, Encoding, FileKind, FileRecord, Inventory, Manifest, ModelFile, Package, Place};

/// What facts are asked of.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// The checkout as a whole.
    Repository,
    /// One file.
    File(&'a FileRecord),
    /// One manifest.
    Manifest(&'a Manifest),
    /// One component.
    Component(&'a Package),
    /// One document.
    Document(&'a Document),
    /// One file of a machine-learning model.
    Model(&'a ModelFile),
}

/// What facts are asked in: the inventory and what was worked out of it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// All evidence.
    pub inventory: &'a Inventory,
    /// The project as policy sees it.
    pub project: &'a Project<'a>,
}

/// Type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// True or false.
    Bool,
    /// A whole number.
    Number,
    /// A text that may be absent.
    Text,
    /// A set of texts.
    Set,
}

impl FactKind {
    /// The word for the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "truth value",
            Self::Number => "number",
            Self::Text => "text",
            Self::Set => "set of texts",
        }
    }
}

/// Value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue<'a> {
    /// It cannot be told, and why.
    Unknown(&'static str),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A text that may be absent.
    Text(Option<Cow<'a, str>>),
    /// A set of texts.
    Set(Vec<Cow<'a, str>>),
}

impl FactValue<'_> {
    /// The value in words, for messages.
    pub fn words(&self) -> String {
        match self {
            Self::Unknown(_) => "unknown".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.as_deref().unwrap_or("none").to_owned(),
            Self::Set(set) => set.join(", "),
        }
    }
}

/// One thing that may be asked of a kind of subject.
pub struct Fact {
    /// What it is asked of.
    pub on: SubjectKind,
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: FactKind,
    /// What it tells.
    pub about: &'static str,
    /// Its value.
    pub get: for<'a> fn(&Scene<'a>, Subject<'a>) -> FactValue<'a>,
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.on.name(), self.name)
    }
}

/// The fact of this name.
pub(super) fn fact(on: SubjectKind, name: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|f| f.on == on && f.name == name)
}

/// How many parents of a manifest of Maven are asked.
const MOST_PARENTS: usize = 8;

/// The license field of a manifest, or of the nearest parent that has one: Maven takes from parents what a manifest does
/// not say itself.
fn stated_license<'a>(scene: &Scene<'a>, manifest: &'a Manifest) -> FactValue<'a> {
    let mut at = manifest;
    for _ in 0..MOST_PARENTS {
        if at.license.is_some() {
            break;
        }
        let part = |key: &str| at.inheritance.fields.get(key).and_then(|given| given.values.first());
        let Some((group, artifact)) = part("parent.groupId").zip(part("parent.artifactId")) else { break };
        let name = format!("{group}/{artifact}");
        match scene.inventory.manifests.iter().find(|other| other.name.as_ref() == Some(&name)) {
            Some(parent) => at = parent,
            None => return FactValue::Unknown("a parent that is not in the checkout may state the license"),
        }
    }
    text(at.license.as_ref().map(|license| license.text.as_str()))
}

/// Declares the getter of a fact for one kind of subject.
macro_rules! of {
    ($variant:ident, |$scene:ident, $subject:ident| $value:expr) => {
        |$scene, subject| {
            let Subject::$variant($subject) = subject else { return FactValue::Unknown("asked of another subject") };
            let _ = &$scene;
            $value
        }
    };
    (|$scene:ident| $value:expr) => {
        |$scene, _| $value
    };
}

fn text(value: Option<&str>) -> FactValue<'_> {
    FactValue::Text(value.map(Cow::Borrowed))
}

fn words<'a>(values: impl IntoIterator<Item = &'a str>) -> FactValue<'a> {
    let mut set: Vec<Cow<'a, str>> = values.into_iter().map(Cow::Borrowed).collect();
    set.sort_unstable();
    set.dedup();
    FactValue::Set(set)
}

const REPOSITORY: SubjectKind = SubjectKind::Repository;
const FILE: SubjectKind = SubjectKind::File;
const MANIFEST: SubjectKind = SubjectKind::Manifest;
const COMPONENT: SubjectKind = SubjectKind::Component;
const DOCUMENT: SubjectKind = SubjectKind::Document;
const MODEL: SubjectKind = SubjectKind::Model;

macro_rules! facts {
    ($($on:ident $name:literal $kind:ident $about:literal $get:expr;)*) => {
        /// Every fact, by subject.
        pub static FACTS: &[Fact] = &[
            $(Fact { on: $on, name: $name, kind: FactKind::$kind, about: $about, get: $get },)*
        ];
    };
}

facts! {
    REPOSITORY "files" Number "Files listed."
        of!(|scene| FactValue::Number(scene.inventory.files.len() as i64));
    REPOSITORY "whole" Bool "Whether one whole folder was scanned, so that what is absent is absent from the project."
        of!(|scene| FactValue::Bool(scene.inventory.whole));
    REPOSITORY "documents" Set "Roles of the project's own documents: readme, contributing, security …"
        of!(|scene| scene.absent_unless_whole(words(scene.project.documents().map(|d| d.role.name()))));
    REPOSITORY "sections" Set "Headings of the root README, in lower case."
        of!(|scene| FactValue::Set(scene.project.readme_sections().into_iter().map(Cow::Owned).collect()));
    REPOSITORY "signals" Set "What the project's own documents say, by the phrase lists: dco, cla, support-route …"
        of!(|scene| scene.absent_unless_whole(words(
            scene.project.documents().flat_map(|d| d.signals.iter().map(|s| s.kind.0.as_str()))
        )));
    REPOSITORY "released" Bool "Whether a manifest of the project may be published and has a version above 0.0.0."
        of!(|scene| FactValue::Bool(scene.project.released().next().is_some()));
    REPOSITORY "ecosystems" Set "purl types of the project's manifests."
        of!(|scene| words(scene.inventory.manifests.iter().map(|m| m.ecosystem.as_str())));

    FILE "path" Text "Path relative to the root."
        of!(File, |scene, file| text(Some(file.path.as_str())));
    FILE "extension" Text "Text behind the last dot of the name."
        of!(File, |scene, file| text(Some(file.path.extension())));
    FILE "kind" Text "text, binary, empty, link or unread."
        of!(File, |scene, file| text(Some(match file.kind {
            FileKind::Empty => "empty",
            FileKind::Text(_) => "text",
            FileKind::Binary => "binary",
            FileKind::Link(_) => "link",
            FileKind::Unread => "unread",
        })));
    FILE "encoding" Text "How its text was read: utf-8, utf-16, or legacy for what is neither; none for binary files."
        of!(File, |scene, file| text(match file.kind {
            FileKind::Text(Encoding::Utf8) => Some("utf-8"),
            FileKind::Text(Encoding::Utf16) => Some("utf-16"),
            FileKind::Text(Encoding::Legacy) => Some("legacy"),
            _ => None,
        }));
    FILE "readable" Bool "Whether people read it: a document or a source file, by its extension."
        of!(File, |scene, file| FactValue::Bool(super::paths::is_source(file.path.extension())
            || matches!(file.path.extension(), "md" | "rst" | "adoc" | "txt" | "html")));
    FILE "size" Number "Bytes."
        of!(File, |scene, file| FactValue::Number(file.size.min(i64::MAX as u64) as i64));
    FILE "license" Text "SPDX expression of its license statements."
        of!(File, |scene, file| text(file.license.as_deref()));
    FILE "copyrights" Set "Its copyright statements."
        of!(File, |scene, file| words(file.copyrights.iter().map(|c| c.statement.as_str())));
    FILE "first-party" Bool "Whether it lies outside folders for vendored code, tests, fixtures and examples."
        of!(File, |scene, file| FactValue::Bool(super::paths::is_first_party(&file.path)));
    FILE "test" Bool "Whether it lies in a folder for tests and their data or for examples, or is named like a test."
        of!(File, |scene, file| FactValue::Bool(super::paths::is_test(&file.path)));

    MANIFEST "path" Text "Path relative to the root."
        of!(Manifest, |scene, manifest| text(Some(manifest.place.path.as_str())));
    MANIFEST "ecosystem" Text "purl type."
        of!(Manifest, |scene, manifest| text(Some(manifest.ecosystem.as_str())));
    MANIFEST "name" Text "Name of the package."
        of!(Manifest, |scene, manifest| text(manifest.name.as_deref()));
    MANIFEST "version" Text "Version of the package."
        of!(Manifest, |scene, manifest| text(manifest.version.as_deref()));
    MANIFEST "license" Text "License field as written, in Maven's manifests that of a parent as well."
        of!(Manifest, |scene, manifest| stated_license(scene, manifest));
    MANIFEST "license-file" Text "License file that it names."
        of!(Manifest, |scene, manifest| text(manifest.license_file.as_ref().map(|(path, _)| path.as_str())));
    MANIFEST "publishable" Bool "Whether it may be published to a registry."
        of!(Manifest, |scene, manifest| FactValue::Bool(manifest.publishable));
    MANIFEST "application" Bool "Whether it produces a program."
        of!(Manifest, |scene, manifest| FactValue::Bool(manifest.application));
    MANIFEST "compiled" Bool "Whether it is compiled before use."
        of!(Manifest, |scene, manifest| FactValue::Bool(manifest.compiled));
    MANIFEST "first-party" Bool "Whether it lies outside folders for vendored code, tests, fixtures and examples."
        of!(Manifest, |scene, manifest| FactValue::Bool(super::paths::is_first_party(&manifest.place.path)));
    MANIFEST "shown" Bool "Whether it lies below a folder for documents, where packages are there to be read."
        of!(Manifest, |scene, manifest| FactValue::Bool(super::paths::is_in_documents(&manifest.place.path.parent())));
    MANIFEST "license-field" Bool "Whether its format has a field for the license."
        of!(Manifest, |scene, manifest| FactValue::Bool(super::project::has_license_field(&manifest.ecosystem)));

    COMPONENT "purl" Text "Package URL."
        of!(Component, |scene, package| text(Some(&package.purl)));
    COMPONENT "name" Text "Name in its registry."
        of!(Component, |scene, package| text(Some(&package.name)));
    COMPONENT "version" Text "Exact version, or the stated requirement."
        of!(Component, |scene, package| text(Some(&package.version)));
    COMPONENT "scope" Text "runtime, optional, peer, build, dev or test."
        of!(Component, |scene, package| text(Some(package.scope.name())));
    COMPONENT "direct" Bool "Whether a manifest asks for it by name."
        of!(Component, |scene, package| FactValue::Bool(package.direct));
    COMPONENT "local" Bool "Whether it is part of the project itself."
        of!(Component, |scene, package| FactValue::Bool(package.local));
    COMPONENT "license" Text "Concluded license, else the declared one."
        of!(Component, |scene, package| text(
            package.license.concluded.as_deref().or(package.license.declared.as_deref())
        ));

    DOCUMENT "path" Text "Path relative to the root."
        of!(Document, |scene, document| text(Some(document.place.path.as_str())));
    DOCUMENT "role" Text "readme, contributing, security … or other."
        of!(Document, |scene, document| text(Some(document.role.name())));
    DOCUMENT "language" Text "BCP 47 tag, where name or script tell."
        of!(Document, |scene, document| text(Some(document.language.as_str()).filter(|l| !l.is_empty())));
    DOCUMENT "words" Number "Words of prose."
        of!(Document, |scene, document| FactValue::Number(i64::from(document.words)));
    DOCUMENT "signals" Set "What it says, by the phrase lists."
        of!(Document, |scene, document| words(document.signals.iter().map(|s| s.kind.0.as_str())));
    DOCUMENT "first-party" Bool "Whether it lies outside folders for vendored code, tests, fixtures and examples."
        of!(Document, |scene, document| FactValue::Bool(super::paths::is_first_party(&document.place.path)));

    MODEL "path" Text "Path relative to the root."
        of!(Model, |scene, model| text(Some(model.place.path.as_str())));
    MODEL "format" Text "Format by content: pickle, torch, safetensors, gguf, onnx, keras …"
        of!(Model, |scene, model| text(Some(&model.format)));
    MODEL "safety" Text "What loading it does: clean, unproven, unread or dangerous."
        of!(Model, |scene, model| text(Some(model.safety.name())));
    MODEL "reason" Text "The worst of the reasons for its safety."
        of!(Model, |scene, model| text(model.reasons.first().map(String::as_str)));
    MODEL "first-party" Bool "Whether it lies outside folders for vendored code, tests, fixtures and examples."
        of!(Model, |scene, model| FactValue::Bool(super::paths::is_first_party(&model.place.path)));
}

impl<'a> Scene<'a> {
    /// A set that says something by what it lacks: unknown when only parts of the project were scanned.
    fn absent_unless_whole(&self, set: FactValue<'a>) -> FactValue<'a> {
        if self.inventory.whole { set } else { FactValue::Unknown("only parts of the project were scanned") }
    }

    /// Every subject of a kind.
    pub fn subjects(&self, on: SubjectKind) -> Box<dyn Iterator<Item = Subject<'a>> + 'a> {
        let inventory = self.inventory;
        match on {
            SubjectKind::Repository => Box::new(self.project.anchor().map(|_| Subject::Repository).into_iter()),
            SubjectKind::File => Box::new(inventory.files.iter().map(Subject::File)),
            SubjectKind::Manifest => Box::new(inventory.manifests.iter().map(Subject::Manifest)),
            SubjectKind::Component => {
                Box::new(inventory.packages.iter().filter(|p| !p.origin.is_empty()).map(Subject::Component))
            }
            SubjectKind::Document => Box::new(inventory.documents.iter().map(Subject::Document)),
            SubjectKind::Model => Box::new(inventory.models.iter().map(Subject::Model)),
        }
    }

    /// The name of a subject, and where it is; worked out for those that fail, which are few.
    pub fn identity(&self, subject: Subject<'a>) -> Option<(String, Place)> {
        let (name, place) = match subject {
            Subject::Repository => ("repository", self.project.anchor()?),
            Subject::File(one) => (one.path.as_str(), Place::file(one.path.clone())),
            Subject::Manifest(one) => (one.place.path.as_str(), one.place.clone()),
            Subject::Component(one) => (one.purl.as_str(), one.origin.first()?.clone()),
            Subject::Document(one) => (one.place.path.as_str(), Place::file(one.place.path.clone())),
            Subject::Model(one) => (one.place.path.as_str(), one.place.clone()),
        };
        Some((name.to_owned(), place))
    }
}
