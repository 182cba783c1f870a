//! Dart and Flutter: `pubspec.lock` and `pubspec.yaml`, as dart.dev describes them.

pub(super) mod lock;
pub(super) mod manifest;

const PUB: &str = "pub";

/// The address of a package repository, when it is not the default one.
fn other_host(url: &str) -> Option<&str> {
    let url = url.trim_end_matches('/');
    let default = ["://pub.dev", "://pub.dartlang.org"].iter().any(|host| url.ends_with(host));
    (!default && !url.is_empty()).then_some(url)
}
