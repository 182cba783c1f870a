//! OpenAPI 2.0 to 3.1 (<https://spec.openapis.org>) and AsyncAPI 2 and 3 (<https://www.asyncapi.com/docs/reference>).

use std::collections::HashSet;

use super::super::SourceFile;
use super::super::yaml::{Member, Node, repeated_key};
use super::notes::{count, is_local, keep, names_successor, problem};
use super::schema;
use super::tree::check_references;
use crate::model::Interface;

/// Words for the operations of a path item.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Reads a document whose root has one of the keys; `None` when it does not after all.
pub(super) fn read(file: &SourceFile<'_>, root: &Node<'_>) -> Option<Interface> {
    let at = |key: &str| root.members().iter().find(|m| m.key == key);
    let (version, format) = at("openapi")
        .or_else(|| at("swagger"))
        .map(|m| (m, "OpenAPI"))
        .or_else(|| at("asyncapi").map(|m| (m, "AsyncAPI")))?;
    let stated = version.node.text()?;
    if !stated.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut out = Interface::new(crate::model::Place::file(file.path.clone()), format);
    let supported = ["2.", "3."];
    if !supported.iter().any(|start| stated.starts_with(start)) {
        problem(
            &mut out,
            file.place(version.range(file)),
            format!("`{stated}` is no version of {format} that is known"),
        );
    }
    if let Some(member) = repeated_key(root) {
        problem(&mut out, file.place(member.key_at.clone()), format!("the key `{}` is repeated", member.key));
    }
    info(file, root, version, &mut out);
    check_references(file, root, &mut out);
    if format == "OpenAPI" {
        paths(file, root, version, stated, &mut out);
        servers(file, root, &mut out);
    } else {
        channels(file, root, version, &mut out);
        brokers(file, root, &mut out);
    }
    let schemas = root.get("components").and_then(|c| c.get("schemas")).or_else(|| root.get("definitions"));
    for member in schemas.map(Node::members).unwrap_or_default() {
        schema::element(file, member, &format!("schema {}", member.key), schema::Use::Described, &mut out);
    }
    Some(out)
}

/// `info`: what has to be in it, version and license.
fn info(file: &SourceFile<'_>, root: &Node<'_>, version: &Member<'_>, out: &mut Interface) {
    let Some(info) = root.get("info") else {
        return problem(out, file.place(version.range(file)), "`info` is missing");
    };
    for key in ["title", "version"] {
        if info.text_of(key).is_none() {
            problem(out, file.place(version.range(file)), format!("`info.{key}` is missing"));
        }
    }
    let place = |node: &Node<'_>| node.place(file);
    out.version = info.get("version").and_then(|n| Some((n.text()?.to_owned(), place(n))));
    let license = info.get("license");
    let node = license.and_then(|l| l.get("identifier").or_else(|| l.get("name")).or_else(|| l.get("url")));
    out.license = node.and_then(|n| Some((n.text()?.to_owned(), place(n))));
}

/// A path with the names of its parameters taken out: they may change.
fn nameless(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        inside &= c != '}';
        if !inside {
            out.push(c);
        }
        inside |= c == '{';
    }
    out
}

fn paths(file: &SourceFile<'_>, root: &Node<'_>, version: &Member<'_>, stated: &str, out: &mut Interface) {
    let paths = root.get("paths");
    let is_late = !stated.starts_with("2.") && !stated.starts_with("3.0");
    let elsewhere = is_late && (root.get("components").is_some() || root.get("webhooks").is_some());
    if paths.is_none() && !elsewhere {
        problem(out, file.place(version.range(file)), "`paths` is missing");
    }
    let mut ids: HashSet<&str> = HashSet::new();
    for path in paths.map(Node::members).unwrap_or_default() {
        if path.key.starts_with("x-") {
            continue;
        }
        if !path.key.starts_with('/') && path.key != "$ref" {
            problem(out, file.place(path.key_at.clone()), format!("the path `{}` does not start with `/`", path.key));
        }
        let shared = path.node.get("parameters");
        for operation in path.node.members().iter().filter(|m| METHODS.contains(&m.key.as_ref())) {
            let name = format!("{} {}", operation.key.to_uppercase(), path.key);
            let node = &operation.node;
            let place = || (file.place(operation.key_at.clone()), name.clone());
            let said = [node.text_of("summary"), node.text_of("description")];
            count(out, said.iter().flatten().any(|text| !text.trim().is_empty()), place);
            if !is_late && node.get("responses").is_none() && node.get("$ref").is_none() {
                problem(out, file.place(operation.key_at.clone()), format!("`{name}` has no `responses`"));
            }
            if let Some(id) = node.text_of("operationId")
                && !ids.insert(id)
            {
                problem(out, file.place(operation.key_at.clone()), format!("the operationId `{id}` is there twice"));
            }
            deprecated(file, operation, &name, out);
            let key = format!("{} {}", operation.key.to_uppercase(), nameless(&path.key));
            let body = node.get("requestBody");
            keep(out, key.clone(), &name, String::new(), false, true);
            if let Some(body) = body.filter(|body| body.get("$ref").is_none()) {
                keep(out, format!("{key}: body"), "", String::new(), body.flag("required"), false);
            }
            for parameter in shared.into_iter().chain(node.get("parameters")).flat_map(Node::entries) {
                self::parameter(file, parameter, &key, out);
            }
        }
    }
}

fn parameter(file: &SourceFile<'_>, node: &Node<'_>, operation: &str, out: &mut Interface) {
    let (Some(name), Some(place)) = (node.text_of("name"), node.text_of("in")) else { return };
    let body = place == "body";
    let said = node.text_of("description").is_some_and(|text| !text.trim().is_empty());
    if !body {
        count(out, said, || (node.place(file), format!("the parameter `{name}` of {operation}")));
    }
    // Those of a path cannot be left out, and their names are nobody's concern.
    if place != "path" {
        let shape = if body { String::new() } else { schema::shape(node.get("schema").unwrap_or(node)) };
        keep(out, format!("{operation}: {place} {name}"), "", shape, node.flag("required"), false);
    }
}

/// Notes an element that is deprecated without a word on what comes next.
pub(super) fn deprecated(file: &SourceFile<'_>, member: &Member<'_>, name: &str, out: &mut Interface) {
    let node = &member.node;
    if !node.flag("deprecated") {
        return;
    }
    let texts = ["description", "summary", "x-sunset", "x-deprecated-reason", "x-deprecation", "title", "$comment"];
    let dated = ["x-sunset", "x-deprecated-at", "x-deprecated-replacement", "x-replaced-by", "externalDocs"];
    let named = texts.iter().filter_map(|key| node.text_of(key)).any(names_successor)
        || dated.iter().any(|key| node.get(key).is_some());
    if !named {
        out.deprecated.push((file.place(member.key_at.clone()), name.to_owned()));
    }
}

fn servers(file: &SourceFile<'_>, root: &Node<'_>, out: &mut Interface) {
    for server in root.get("servers").map(Node::entries).unwrap_or_default() {
        let Some(node) = server.get("url") else { continue };
        let url = node.text().unwrap_or_default();
        if let Some(host) = url.strip_prefix("http://")
            && !is_local(host)
        {
            out.insecure.push((node.place(file), url.to_owned()));
        }
    }
    let host = root.text_of("host").filter(|host| !is_local(host));
    for scheme in root.get("schemes").map(Node::entries).unwrap_or_default() {
        if let (Some("http"), Some(host)) = (scheme.text(), host) {
            out.insecure.push((scheme.place(file), format!("http://{host}")));
        }
    }
}

/// Channels, operations and messages of AsyncAPI.
fn channels(file: &SourceFile<'_>, root: &Node<'_>, version: &Member<'_>, out: &mut Interface) {
    let channels = root.get("channels");
    if channels.is_none() && root.get("operations").is_none() && root.get("components").is_none() {
        problem(out, file.place(version.range(file)), "`channels` is missing");
    }
    let messages = root.get("components").and_then(|c| c.get("messages"));
    for (what, group) in [("channel", channels), ("operation", root.get("operations")), ("message", messages)] {
        for member in group.map(Node::members).unwrap_or_default() {
            let node = &member.node;
            let name = format!("{what} {}", member.key);
            let of = |node: &Node<'_>| {
                ["description", "summary", "title", "$ref"].iter().any(|key| node.text_of(key).is_some())
            };
            let said = of(node) || ["publish", "subscribe"].iter().filter_map(|key| node.get(key)).any(of);
            count(out, said, || (file.place(member.key_at.clone()), name.clone()));
            deprecated(file, member, &name, out);
            keep(out, format!("{what} {}", nameless(&member.key)), &name, String::new(), false, true);
            if let Some(payload) = node.members().iter().find(|m| m.key == "payload") {
                schema::element(file, payload, &name, schema::Use::Described, out);
            }
        }
    }
}

/// Servers of AsyncAPI that speak HTTP or WebSocket in the clear.
fn brokers(file: &SourceFile<'_>, root: &Node<'_>, out: &mut Interface) {
    for server in root.get("servers").map(Node::members).unwrap_or_default() {
        let Some(node) = server.node.get("url").or_else(|| server.node.get("host")) else { continue };
        let text = node.text().unwrap_or_default();
        let (scheme, host) = text.split_once("://").unwrap_or((server.node.text_of("protocol").unwrap_or(""), text));
        if matches!(scheme, "http" | "ws") && !is_local(host) {
            out.insecure.push((node.place(file), format!("{scheme}://{host}")));
        }
    }
}
