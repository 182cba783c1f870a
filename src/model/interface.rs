//! Documents that describe an interface: OpenAPI, AsyncAPI, JSON Schema, protobuf, GraphQL, WIT.

use super::Place;

/// One interface document, and what the rules on such documents need of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Interface {
    /// The file.
    pub place: Place,
    /// The format, as people write it: `OpenAPI`, `AsyncAPI`, `JSON Schema`, `protobuf`, `GraphQL`, `WIT`.
    pub format: &'static str,
    /// The version of the interface that it states (`info.version`, the version of a WIT package).
    pub version: Option<(String, Place)>,
    /// The license that it states: an SPDX identifier where it has one, else the name.
    pub license: Option<(String, Place)>,
    /// Where it breaks its format, or leads to what is not there.
    pub problems: Vec<(Place, String)>,
    /// Other files that it refers to, as written relative to its folder.
    pub refers: Vec<(Place, String)>,
    /// How many operations, messages, fields and types it has.
    pub elements: u32,
    /// How many of them say nothing of what they are for.
    pub undocumented: u32,
    /// The first of these.
    pub first_undocumented: Option<(Place, String)>,
    /// Elements that are deprecated and name neither a replacement nor a date.
    pub deprecated: Vec<(Place, String)>,
    /// Addresses it offers that are reached without encryption, other than those of the own machine.
    pub insecure: Vec<(Place, String)>,
    /// What others rely on, sorted by name.
    pub shape: Vec<Element>,
    /// How it differs from the last release, where there is one that has it.
    pub since: Option<Since>,
}

/// One thing in an interface that others rely on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Element {
    /// What identifies it from release to release: an operation, a property, the number of a field.
    pub name: String,
    /// What it is called, where that is not what identifies it.
    pub label: String,
    /// Its type in short; empty where nothing is said.
    pub shape: String,
    /// Whether those who call have to give it.
    pub required: bool,
    /// Whether those who call break when it is gone.
    pub kept: bool,
}

/// How an interface differs from the last release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// The tag of that release.
    pub tag: String,
    /// The version that it stated then.
    pub version: Option<String>,
    /// What breaks those who rely on it, in words.
    pub broken: Vec<String>,
    /// Numbers of protobuf that mean something else now, in words.
    pub reused: Vec<String>,
}

impl Interface {
    /// A document of which nothing is known yet.
    pub fn new(place: Place, format: &'static str) -> Self {
        Self {
            place,
            format,
            version: None,
            license: None,
            problems: Vec::new(),
            refers: Vec::new(),
            elements: 0,
            undocumented: 0,
            first_undocumented: None,
            deprecated: Vec::new(),
            insecure: Vec::new(),
            shape: Vec::new(),
            since: None,
        }
    }
}
