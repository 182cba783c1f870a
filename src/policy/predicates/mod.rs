//! Questions that a tree of facts cannot ask: named predicates, one file per family.

mod ai;
mod bills;
mod certified;
mod changelog;
mod citation;
mod compat;
mod conduct;
mod configuration;
mod crypto;
mod documents;
mod formats;
mod headers;
mod history;
mod images;
mod interfaces;
mod links;
mod locales;
mod manifests;
mod metadata;
mod outbound;
mod owners;
mod pipelines;
mod policies;
mod portability;
mod remarks;
mod reuse;
mod secrets;
mod security_files;
mod sources;
mod supply;
mod supported;
mod texts;
mod vulnerabilities;
mod workflows;

use super::evaluate::Context;
use super::judge::Judge;
use super::pack::{ParamKind, SubjectKind};
use crate::config::ParamValue;

/// A question with a name, for rules that say `check = "name"`.
pub struct Predicate {
    /// Its name.
    pub name: &'static str,
    /// What it asks, and when it abstains.
    pub about: &'static str,
    /// What it judges.
    pub on: SubjectKind,
    /// Values that it offers to messages, beside `subject`.
    pub fields: &'static [&'static str],
    /// Parameters that the pack must declare.
    pub params: &'static [(&'static str, ParamKind)],
    /// Judges every subject.
    pub check: fn(&Context<'_>, &mut Judge),
}

impl std::fmt::Debug for Predicate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Why a rule abstains that judges what is absent.
const PARTIAL: &str = "only parts of the project were scanned";

impl Context<'_> {
    /// A parameter of the pack that is a number; its presence was checked when the pack was loaded.
    fn number(&self, name: &str) -> i64 {
        match self.value(name) {
            Some(ParamValue::Number(number)) => *number,
            _ => 0,
        }
    }

    /// A parameter of the pack that is a list of texts.
    fn texts(&self, name: &str) -> &[String] {
        match self.value(name) {
            Some(ParamValue::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// A parameter of the pack that is a text.
    fn text(&self, name: &str) -> &str {
        match self.value(name) {
            Some(ParamValue::Text(text)) => text,
            _ => "",
        }
    }

    fn value(&self, name: &str) -> Option<&ParamValue> {
        self.pack.params.get(name).map(|param| &param.value)
    }
}

/// Every predicate, by family.
pub static PREDICATES: &[Predicate] = &[
    // License texts.
    texts::NO_ROOT_TEXT,
    texts::UNIDENTIFIED,
    texts::ALTERED,
    texts::RIDER,
    texts::PLACEHOLDER,
    // What manifests declare.
    manifests::INVALID,
    manifests::DEPRECATED,
    manifests::TEXT_MISMATCH,
    manifests::SIBLINGS,
    manifests::OPERATORS,
    outbound::NOT_OPEN,
    outbound::README,
    // File headers.
    headers::CONFLICT,
    headers::MALFORMED,
    headers::COVERAGE,
    // REUSE.
    reuse::MISSING,
    reuse::UNUSED,
    reuse::DANGLING,
    // Documents.
    documents::README_MISSING,
    documents::README_STUB,
    documents::BUILD,
    documents::SUPPORT,
    documents::CONTRIBUTING,
    documents::TERMS,
    documents::END_OF_SUPPORT,
    changelog::GAP,
    links::BROKEN,
    formats::WITHOUT_SOURCE,
    formats::CLOSED,
    formats::UNLICENSED,
    citation::CITATION,
    // Workflows and what is like them.
    workflows::PERMISSIONS,
    workflows::CHECKOUT,
    workflows::INJECTION,
    workflows::TRIGGER,
    workflows::CONDITION,
    workflows::CREDENTIALS,
    workflows::CACHE,
    workflows::UNPINNED,
    workflows::SUSPICIOUS,
    workflows::FORBIDDEN,
    workflows::DOWNLOAD,
    workflows::UPDATES,
    workflows::HARDENING,
    // Community.
    conduct::CONTACT,
    conduct::GOVERNANCE,
    conduct::SINGLE,
    locales::TRANSLATION_STALE,
    locales::KEYS,
    images::ALT,
    portability::PATHS,
    sources::REGION,
    history::SIGN_OFF,
    history::LICENSE_CHANGED,
    // Flow.
    remarks::CONFIDENTIAL,
    remarks::RESERVED,
    remarks::PERSONAL,
    remarks::POSITION,
    remarks::ENDPOINT,
    remarks::DOWNLOAD,
    remarks::REMOTE_CODE,
    remarks::LFS,
    sources::PRIVATE,
    sources::CLOSED,
    sources::DUPLICATE,
    crypto::EXPORT,
    metadata::PUBLICCODE,
    // Credentials and hidden content.
    secrets::COMMITTED,
    secrets::KEY_MATERIAL,
    secrets::BINARY,
    secrets::ALLOW_UNUSED,
    secrets::ARCHIVE_ESCAPES,
    secrets::HIDDEN,
    vulnerabilities::KNOWN,
    pipelines::UNSIGNED,
    pipelines::UPDATE_GAP,
    pipelines::TESTS,
    owners::DEAD,
    // Policies on security.
    policies::MISSING,
    policies::CHANNEL,
    policies::TIMEFRAME,
    policies::PLACEHOLDER,
    supported::STALE,
    security_files::SECURITY_TXT,
    security_files::INSIGHTS,
    // Compatibility and obligations.
    compat::dependencies::UNKNOWN,
    compat::dependencies::DENIED,
    compat::dependencies::FIELD_OF_USE,
    compat::dependencies::CLOSED_CONTENT,
    compat::dependencies::CHOICE,
    compat::conflicts::OUTBOUND,
    compat::conflicts::SIBLING,
    compat::conflicts::COPIED,
    compat::files::EXCEPTION,
    compat::files::NARROWED,
    compat::approvals::DRIFT,
    compat::profile::ASF,
    compat::vendored::UNLICENSED,
    compat::vendored::MODIFIED,
    compat::obligations::NETWORK,
    compat::obligations::NOTICE,
    compat::obligations::MISSING,
    compat::obligations::STALE,
    compat::obligations::NOT_PACKAGED,
    compat::obligations::LEGAL_COMMENTS,
    compat::obligations::IMAGE,
    compat::obligations::SOURCE_OFFER,
    // Interface documents and what is around them.
    interfaces::MISSING,
    interfaces::INVALID,
    interfaces::LICENSE_MISSING,
    interfaces::MISMATCH,
    interfaces::DRIFT,
    interfaces::UNDOCUMENTED,
    interfaces::BREAKING,
    interfaces::REUSED,
    interfaces::DEPRECATED,
    interfaces::UNPACKED,
    interfaces::INSECURE,
    interfaces::UNDECLARED,
    interfaces::UNTESTED,
    interfaces::END_OF_LIFE,
    interfaces::UNLINKED,
    interfaces::TAG,
    // Models and datasets.
    ai::CARD_MISSING,
    ai::INTEGRITY,
    ai::MISSING,
    ai::FAMILY,
    ai::MISMATCH,
    ai::OPEN_CLAIM,
    ai::COMPONENTS,
    ai::BASE_UNDECLARED,
    ai::NOT_PASSED_ON,
    ai::ATTRIBUTION,
    ai::USE_POLICY,
    ai::TRAINING_DATA,
    ai::TRAINING_SUMMARY,
    ai::COPYRIGHT_POLICY,
    ai::LIMITATIONS,
    ai::EVALUATION,
    ai::ENERGY,
    ai::DATASET_CARD_MISSING,
    ai::CONFLICT,
    ai::PERSONAL_UNSTATED,
    ai::LEAK,
    ai::OPT_OUT,
    ai::INCOMPLETE,
    ai::CHECKSUM,
    // Bills of materials and what they rest on.
    supply::LOCK_MISSING,
    supply::LOCK_STALE,
    supply::FLOATING,
    supply::INSECURE,
    bills::MISSING,
    bills::INVALID,
    bills::PROFILE,
    bills::DRIFT,
    bills::MINIMUM,
    bills::NOASSERTION,
    bills::VENDORED,
    bills::VEX,
    // The configuration itself.
    configuration::WAIVERS,
    configuration::CORRECTIONS,
    configuration::CHOICES,
];
