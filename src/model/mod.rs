//! Plain data that the other folders exchange: no I/O and no decisions.
//!
//! Collectors produce [`Evidence`], the pipeline merges it into one [`Inventory`], policy turns that into
//! [`Finding`]s and [`Verdict`]s, and a [`Report`] holds all of it for the reporters. Every arrow between the
//! folders points here; a test checks that.

mod artifact;
mod bill;
mod certificate;
mod document;
mod evidence;
mod finding;
mod folder;
mod handling;
mod interface;
mod inventory;
mod license;
mod locale;
mod metadata;
mod model_file;
mod origin;
mod package;
mod patch;
mod path;
mod place;
mod release;
mod remark;
mod report;
mod repository;
mod secret;
mod split;
mod stand_in;
mod vulnerability;
mod workflow;

pub use artifact::{Artifact, ArtifactKind, IN_PROSE, TURNED};
pub use bill::{
    Bill, BillDocument, BillFault, BillTool, Completeness, Component, ExternalReference, LicenseText, ModelCard,
    Party, VexStatement,
};
pub use certificate::Certificate;
pub use document::{Document, DocumentRole, Heading, Image, Link, Signal, SignalKind};
pub use evidence::Evidence;
pub use finding::{ClauseSummary, Finding, Maps, Outcome, Severity, State, Verdict};
pub use folder::Folder;
pub use handling::{Handling, HandlingKind};
pub use interface::{Element, Interface, Since};
pub use inventory::{Encoding, FileKind, FileRecord, Inventory, SkipReason, Skipped, Statistics};
pub use license::{
    Copyright, Detection, DetectionKind, ReuseAnnotation, ReusePrecedence, TextMatch, concluded, is_legal_name,
    is_license_name, is_readme_name, replacement,
};
pub use locale::Locale;
pub use metadata::Metadata;
pub use model_file::{ModelFile, Safety};
pub use origin::Origin;
pub use package::{
    ComponentKind, Dependency, Ecosystem, Given, Hash, Inheritance, LicenseField, Lock, Locked, Manifest, Package,
    PackageLicense, Scope, purl_type,
};
pub use patch::Patch;
pub use path::RelPath;
pub use place::{Place, Region, line_range, line_starts};
pub use release::Release;
pub use remark::Remark;
pub use report::{Packs, Report, RuleDoc, SCHEMA_VERSION, Tool};
pub use repository::{Commit, Person, Repository, Tag, Tracked, TrackedKind, is_commit_id};
pub use secret::Secret;
pub use split::Split;
pub use stand_in::says_stand_in;
pub use vulnerability::{Advisories, Vulnerability};
pub use workflow::{Audit, Confidence, OwnerRule, Persona, Pipeline, PipelineKind, Step, Weight};
