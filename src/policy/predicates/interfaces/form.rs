//! Whether interfaces are described, and the documents sound and complete.

use super::{Context, NONE, PARTIAL, Predicate, own};
use crate::model::{HandlingKind, Scope};
use crate::policy::judge::Failure;
use crate::policy::pack::{ParamKind, SubjectKind};
use crate::policy::paths::is_first_party;

/// Frameworks that are there to offer programs an interface over the network, by ecosystem.
const SERVERS: &[(&str, &[&str])] = &[
    ("cargo", &["axum", "actix-web", "rocket", "poem", "salvo", "tonic", "warp"]),
    (
        "npm",
        &["fastify", "@nestjs/core", "@hapi/hapi", "restify", "@grpc/grpc-js", "apollo-server", "@apollo/server"],
    ),
    ("pypi", &["djangorestframework", "flask-restful", "falcon", "connexion", "grpcio"]),
    (
        "golang",
        &[
            "github.com/gin-gonic/gin",
            "github.com/labstack/echo/v4",
            "google.golang.org/grpc",
            "github.com/go-chi/chi/v5",
        ],
    ),
    ("gem", &["grape"]),
];

/// Libraries that make the document out of the code.
const MAKERS: &[&str] = &[
    "utoipa",
    "aide",
    "poem-openapi",
    "rocket_okapi",
    "paperclip",
    "dropshot",
    "@nestjs/swagger",
    "@fastify/swagger",
    "tsoa",
    "drf-spectacular",
    "drf-yasg",
    "flasgger",
    "apispec",
    "fastapi",
    "github.com/swaggo/swag",
    "github.com/swaggo/gin-swagger",
    "github.com/danielgtaylor/huma/v2",
    "grape-swagger",
    "async-graphql",
    "juniper",
    "type-graphql",
    "@nestjs/graphql",
];

pub(crate) const MISSING: Predicate = Predicate {
    name: "interface-description-missing",
    about: "A manifest asks for a framework that offers programs an interface over the network, and the tree has no OpenAPI, AsyncAPI, protobuf, GraphQL or WIT document and nothing that makes one.",
    on: SubjectKind::Manifest,
    fields: &["framework"],
    params: &[],
    check: |context: &Context<'_>, judge| {
        let inventory = context.scene.inventory;
        let mine = || inventory.manifests.iter().filter(|m| is_first_party(&m.place.path));
        let is_made = mine().flat_map(|m| &m.dependencies).any(|d| MAKERS.contains(&d.name.as_str()));
        let is_described = is_made || inventory.interfaces.iter().any(|i| i.format != "JSON Schema");
        for manifest in mine().filter(|m| m.application) {
            let known = SERVERS.iter().find(|(e, _)| *e == manifest.ecosystem.as_str()).map_or(&[][..], |(_, n)| n);
            let needed =
                |d: &&crate::model::Dependency| d.scope == Scope::Runtime && known.contains(&d.name.as_str());
            let Some(framework) = manifest.dependencies.iter().find(needed) else { continue };
            if is_described {
                judge.pass();
            } else if !inventory.whole {
                judge.undecided(PARTIAL);
            } else {
                judge.fail(
                    Failure::new(manifest.place.path.as_str(), framework.place.clone())
                        .with("framework", framework.name.clone()),
                );
            }
        }
        judge.nothing("no manifest of a program asks for a framework for network interfaces");
    },
};

pub(crate) const INVALID: Predicate = Predicate {
    name: "interface-document-invalid",
    about: "An OpenAPI, AsyncAPI, JSON Schema, protobuf, GraphQL or WIT document breaks its format or refers to what is not there.",
    on: SubjectKind::File,
    fields: &["format", "problem"],
    params: &[],
    check: |context, judge| {
        for interface in own(context) {
            if interface.problems.is_empty() {
                judge.pass();
            }
            for (place, problem) in interface.problems.iter().take(20) {
                judge.fail(
                    Failure::new(interface.place.path.as_str(), place.clone())
                        .with("format", interface.format)
                        .with("problem", problem.clone()),
                );
            }
        }
        judge.nothing(NONE);
    },
};

/// Documents with fewer elements say too little to be measured.
const FEW: u32 = 4;

pub(crate) const UNDOCUMENTED: Predicate = Predicate {
    name: "interface-undocumented",
    about: "More than a share of the operations, messages, fields and types of a document say nothing of what they are for. Documents with fewer than four are left out.",
    on: SubjectKind::File,
    fields: &["format", "share", "count", "all", "first"],
    params: &[("max-undocumented", ParamKind::Number)],
    check: |context, judge| {
        let most = context.number("max-undocumented");
        for interface in own(context).filter(|i| i.elements >= FEW) {
            let share = u64::from(interface.undocumented) * 100 / u64::from(interface.elements.max(1));
            let Some((place, first)) =
                interface.first_undocumented.as_ref().filter(|_| i64::try_from(share).is_ok_and(|s| s > most))
            else {
                judge.pass();
                continue;
            };
            judge.fail(
                Failure::new(interface.place.path.as_str(), interface.place.clone())
                    .with("format", interface.format)
                    .with("share", share.to_string())
                    .with("count", interface.undocumented.to_string())
                    .with("all", interface.elements.to_string())
                    .with("first", first.clone())
                    .also(place.clone(), "the first of them"),
            );
        }
        judge.nothing("no interface document has enough elements");
    },
};

pub(crate) const DEPRECATED: Predicate = Predicate {
    name: "interface-deprecated-alone",
    about: "An element of an interface is deprecated, and nothing says what to use in its place or when it goes.",
    on: SubjectKind::File,
    fields: &["element"],
    params: &[],
    check: |context, judge| {
        for interface in own(context) {
            if interface.deprecated.is_empty() {
                judge.pass();
            }
            for (place, name) in interface.deprecated.iter().take(20) {
                let subject = interface.place.path.as_str();
                judge.fail(Failure::new(subject, place.clone()).with("element", name.clone()));
            }
        }
        judge.nothing(NONE);
    },
};

pub(crate) const INSECURE: Predicate = Predicate {
    name: "interface-insecure-server",
    about: "An OpenAPI or AsyncAPI document offers a server without encryption that is not the own machine.",
    on: SubjectKind::File,
    fields: &["url"],
    params: &[],
    check: |context, judge| {
        for interface in own(context).filter(|i| i.format.ends_with("API")) {
            if interface.insecure.is_empty() {
                judge.pass();
            }
            for (place, url) in &interface.insecure {
                let subject = interface.place.path.as_str();
                judge.fail(Failure::new(subject, place.clone()).with("url", url.clone()));
            }
        }
        judge.nothing("there is no OpenAPI or AsyncAPI document");
    },
};

pub(crate) const UNPACKED: Predicate = Predicate {
    name: "interface-not-packaged",
    about: "A package rule (Cargo include or exclude, npm files) leaves the interface documents of the package out of what is published.",
    on: SubjectKind::Manifest,
    fields: &["document", "key"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        for rule in inventory.handling.iter().filter(|h| h.kind == HandlingKind::PackageRule) {
            let folder = rule.place.path.parent();
            let manifest = inventory.manifests.iter().find(|m| m.place.path == rule.place.path);
            if !is_first_party(&rule.place.path) || manifest.is_none_or(|m| !m.publishable) {
                continue;
            }
            let mut documents = own(context).filter(|i| i.place.path.is_within(&folder)).peekable();
            // The patterns cost more than all else here.
            if documents.peek().is_none() {
                continue;
            }
            let list = |key| super::super::compat::obligations::taken_by(rule, key);
            let (include, exclude) = (list("include"), list("exclude"));
            for interface in documents {
                let whole = interface.place.path.as_str();
                let path = whole.strip_prefix(folder.as_str()).unwrap_or(whole).trim_start_matches('/');
                // What lies in a package below belongs to that one.
                let nearest = inventory
                    .manifests
                    .iter()
                    .filter(|m| interface.place.path.is_within(&m.place.path.parent()))
                    .map(|m| m.place.path.parent().as_str().len())
                    .max();
                if nearest != Some(folder.as_str().len()) {
                    continue;
                }
                let key = if include.as_ref().is_some_and(|list| !list.is_match(path)) {
                    if rule.by == "npm" { "files" } else { "include" }
                } else if exclude.as_ref().is_some_and(|list| list.is_match(path)) {
                    "exclude"
                } else {
                    judge.pass();
                    continue;
                };
                judge.fail(
                    Failure::new(rule.place.path.as_str(), rule.place.clone())
                        .with("document", path)
                        .with("key", key)
                        .also(interface.place.clone(), "is left out"),
                );
            }
        }
        judge.nothing("no package that is made by a list of files has an interface document");
    },
};
