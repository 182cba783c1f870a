//! Cryptography and what export control asks of it.

use super::Predicate;
use crate::model::Package;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// Components that implement cryptography, by the name in their registry.
const LIBRARIES: &[&str] = &[
    "aes-gcm",
    "aws-lc-rs",
    "bouncycastle",
    "bcprov-jdk18on",
    "bcprov-jdk15on",
    "boringssl",
    "botan",
    "crypto-js",
    "cryptography",
    "libsodium",
    "libsodium-wrappers",
    "mbedtls",
    "node-forge",
    "openssl",
    "openssl-sys",
    "pycryptodome",
    "pynacl",
    "ring",
    "rustls",
    "sodiumoxide",
    "tweetnacl",
    "wolfssl",
];

pub(super) const EXPORT: Predicate = Predicate {
    name: "crypto-export-notice-missing",
    about: "A component implements cryptography, and no document speaks of export control.",
    on: SubjectKind::Repository,
    fields: &["component"],
    params: &[],
    check: |context, judge| {
        let scene = &context.scene;
        let is_crypto =
            |package: &&Package| LIBRARIES.contains(&package.name.rsplit(['/', ':']).next().unwrap_or_default());
        let Some(package) = scene.inventory.packages.iter().find(is_crypto) else {
            return judge.nothing("no component is known to implement cryptography");
        };
        if !scene.inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        let told = scene.inventory.documents.iter().any(|d| d.signals.iter().any(|s| s.kind.0 == "export-notice"));
        match package.origin.first() {
            Some(place) if !told => {
                judge.fail(Failure::new("repository", place.clone()).with("component", package.name.as_str()));
            }
            _ => judge.pass(),
        }
    },
};
