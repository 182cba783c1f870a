use proptest::prelude::*;

use super::*;
use crate::collect::packages::testing;
use crate::model::{
    Bill, Completeness, Component, ComponentKind, ExternalReference, Hash, Party, Scope, VexStatement,
};
use crate::report::bill::WRITERS;

/// What a document says that stands at `path`, faults included.
fn document(text: &str) -> BillDocument {
    read("bom", text).unwrap()
}

fn faults(document: &BillDocument) -> Vec<(u32, &str)> {
    document.faults.iter().map(|fault| (fault.place.start_line(), fault.reason.as_str())).collect()
}

fn statements(path: &str, text: &str) -> Vec<VexStatement> {
    let mut out = Vec::new();
    testing::file(path, text, |file| Bills.collect(file, &[], &mut out));
    out.into_iter()
        .filter_map(|evidence| if let Evidence::Vex(statement) = evidence { Some(*statement) } else { None })
        .collect()
}

const CYCLONEDX: &str = r#"{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "metadata": {
    "timestamp": "2024-01-31T12:00:00Z",
    "tools": { "components": [{ "type": "application", "name": "maker", "version": "1.2" }] },
    "component": { "type": "application", "bom-ref": "app", "name": "app", "version": "2.0" }
  },
  "components": [
    { "type": "library", "bom-ref": "pkg:npm/%40s/a@1.0.0", "group": "@s", "name": "a", "version": "1.0.0",
      "purl": "pkg:npm/%40s/a@1.0.0", "scope": "excluded",
      "licenses": [{ "expression": "MIT OR Apache-2.0" }, { "license": { "id": "MIT", "acknowledgement": "concluded" } }],
      "hashes": [{ "alg": "SHA-1", "content": "A9993E364706816ABA3E25717850C26C9CD0D89D" }],
      "supplier": { "name": "S", "url": ["https://s.example.org"] },
      "components": [{ "type": "library", "bom-ref": "inner", "name": "inner" }] }
  ],
  "dependencies": [{ "ref": "app", "dependsOn": ["pkg:npm/%40s/a@1.0.0"] }],
  "compositions": [{ "aggregate": "complete", "dependencies": ["app"] }]
}"#;

#[test]
fn a_document_of_cyclonedx() {
    let document = document(CYCLONEDX);
    assert_eq!(faults(&document), []);
    assert_eq!((document.standard.as_str(), document.version.as_str()), ("CycloneDX", "1.6"));
    let bill = &document.bill;
    let root = bill.root().unwrap();
    assert_eq!((root.name.as_str(), root.completeness), ("app", Completeness::Complete));
    assert_eq!(root.dependencies, ["pkg:npm/%40s/a@1.0.0"]);
    let a = bill.component("pkg:npm/%40s/a@1.0.0").unwrap();
    assert_eq!((a.name.as_str(), a.version.as_deref(), a.scope), ("@s/a", Some("1.0.0"), Some(Scope::Dev)));
    assert_eq!((a.declared.as_deref(), a.concluded.as_deref()), (Some("MIT OR Apache-2.0"), Some("MIT")));
    assert_eq!(a.hashes[0].value, "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(a.supplier.as_ref().unwrap().url.as_deref(), Some("https://s.example.org"));
    assert_eq!(bill.component("inner").unwrap().parent.as_deref(), Some("pkg:npm/%40s/a@1.0.0"));
    assert_eq!((bill.tools[0].name.as_str(), bill.created.as_deref()), ("maker", Some("2024-01-31T12:00:00Z")));
}

#[test]
fn what_breaks_cyclonedx_is_told_with_its_line() {
    let text = CYCLONEDX
        .replace("\"type\": \"library\", \"bom-ref\": \"pkg", "\"type\": \"thing\", \"bom-ref\": \"pkg")
        .replace("A9993E", "")
        .replace("\"dependsOn\": [", "\"dependsOn\": [\"nowhere\", ")
        .replace("2024-01-31T12:00:00Z", "yesterday");
    assert_eq!(
        faults(&document(&text)),
        [
            (6, "`timestamp` must be a time as RFC 3339 has it"),
            (11, "`thing` is no type of component"),
            (14, "a SHA-1 digest has 40 hexadecimal digits"),
            (18, "`nowhere` is no component of the document"),
        ]
    );
}

#[test]
fn a_document_of_cyclonedx_in_xml() {
    let text = r#"<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
  <components>
    <component type="library" bom-ref="a">
      <name>a</name>
      <version>1.0</version>
      <licenses><license><id>MIT</id></license></licenses>
      <purl>pkg:maven/g/a@1.0</purl>
    </component>
    <component type="library" bom-ref="b"><name>b</name></component>
  </components>
  <dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>
</bom>"#;
    let document = document(text);
    assert_eq!(faults(&document), []);
    assert_eq!((document.version.as_str(), document.encoding.as_str()), ("1.5", "xml"));
    let a = document.bill.component("a").unwrap();
    assert_eq!((a.purl.as_deref(), a.declared.as_deref()), (Some("pkg:maven/g/a@1.0"), Some("MIT")));
    assert_eq!(a.dependencies, ["b"]);
}

const TAG_VALUE: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: app
DocumentNamespace: https://example.org/app
Creator: Tool: maker-1.2
Creator: Organization: Example (https://example.org)
Created: 2024-01-31T12:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app

PackageName: app
SPDXID: SPDXRef-app
PackageDownloadLocation: NOASSERTION

PackageName: a
SPDXID: SPDXRef-a
PackageVersion: 1.0
PackageDownloadLocation: https://example.org/a.tgz
PackageChecksum: SHA1: a9993e364706816aba3e25717850c26c9cd0d89d
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: LicenseRef-own
PackageCopyrightText: <text>Copyright A
and B</text>
ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1.0
Relationship: SPDXRef-app DEPENDS_ON SPDXRef-a
Relationship: SPDXRef-a TEST_DEPENDENCY_OF SPDXRef-app

LicenseID: LicenseRef-own
LicenseName: Our terms
ExtractedText: <text>Do as you please.</text>
";

#[test]
fn a_document_of_spdx_2() {
    let document = document(TAG_VALUE);
    assert_eq!(faults(&document), []);
    assert_eq!((document.standard.as_str(), document.version.as_str()), ("SPDX", "2.3"));
    let bill = &document.bill;
    assert_eq!(bill.root.as_deref(), Some("SPDXRef-app"));
    assert_eq!(bill.root().unwrap().dependencies, ["pkg:npm/a@1.0"]);
    let a = bill.component("pkg:npm/a@1.0").unwrap();
    assert_eq!((a.declared.as_deref(), a.concluded.as_deref()), (Some("LicenseRef-own"), None));
    assert_eq!((a.copyright.as_deref(), a.scope), (Some("Copyright A\nand B"), Some(Scope::Test)));
    assert_eq!(a.references[0].url, "https://example.org/a.tgz");
    assert_eq!(bill.authors[0].url.as_deref(), Some("https://example.org"));
    assert_eq!(bill.license_texts[0].text, "Do as you please.");
}

#[test]
fn what_breaks_spdx_2_is_told_with_its_line() {
    let text = TAG_VALUE
        .replace("CC0-1.0", "MIT")
        .replace("LicenseRef-own\nPackageCopyright", "LicenseRef-other\nPackageCopyright")
        .replace("DEPENDS_ON SPDXRef-a", "DEPENDS_ON SPDXRef-nowhere");
    assert_eq!(
        faults(&document(&text)),
        [
            (2, "`dataLicense` must be CC0-1.0"),
            (21, "`LicenseRef-other` has no text in the document"),
            (25, "`SPDXRef-nowhere` is no element of the document"),
        ]
    );
}

#[test]
fn statements_about_vulnerabilities() {
    let openvex = r#"{
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://example.org/vex",
  "timestamp": "2024-01-31T12:00:00Z",
  "statements": [
    { "vulnerability": { "name": "CVE-2024-1234" },
      "products": [{ "@id": "pkg:npm/a@1.0", "subcomponents": [{ "@id": "pkg:npm/b@2.0" }] }, { "@id": "pkg:npm/c@3.0" }],
      "status": "not_affected" }
  ]
}"#;
    let found = statements("vex.json", openvex);
    let seen: Vec<_> =
        found.iter().map(|s| (s.vulnerability.as_str(), s.subject.as_str(), s.status.as_str())).collect();
    assert_eq!(
        seen,
        [("CVE-2024-1234", "pkg:npm/b@2.0", "not_affected"), ("CVE-2024-1234", "pkg:npm/c@3.0", "not_affected")]
    );
    assert_eq!(found[0].time.as_deref(), Some("2024-01-31T12:00:00Z"));
    let analysis = CYCLONEDX.replace(
        "\"compositions\"",
        "\"vulnerabilities\": [{ \"id\": \"CVE-2024-9\", \"analysis\": { \"state\": \"exploitable\" }, \
         \"affects\": [{ \"ref\": \"inner\" }] }],\n  \"compositions\"",
    );
    let found = statements("bom.json", &analysis);
    assert_eq!((found[0].subject.as_str(), found[0].status.as_str()), ("inner", "affected"));
}

#[test]
fn other_texts_are_no_bills() {
    for text in ["", "{}", "<a/>", "hello", "{\"bomFormat\": \"Other\"}", "[]"] {
        assert!(read("bom", text).is_err(), "{text}");
    }
    assert!(read("bom", "{\"bomFormat\": \"CycloneDX\",\n").unwrap_err().starts_with("line "));
}

/// Bills that every format can say whole: the root depends on others, and these on each other.
fn bills() -> impl Strategy<Value = Bill> {
    let license =
        || prop::option::of(prop::sample::select(vec!["MIT", "MIT OR Apache-2.0", "Some terms", "LicenseRef-x"]));
    let one = (
        "[a-z][a-z0-9]{0,8}",
        "[0-9]{1,2}\\.[0-9]",
        license(),
        prop::option::of(prop::sample::select(vec!["MIT", "0BSD"])),
        prop::collection::vec("[0-9a-f]{64}", 0..2),
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        prop::option::of("[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?"),
        prop::option::of("[A-Z][a-z <&\"']{1,20}[a-z]"),
    );
    prop::collection::vec(one, 1..8).prop_map(|all| {
        let mut components: Vec<Component> = all
            .iter()
            .enumerate()
            .map(|(number, (name, version, declared, concluded, hashes, _, supplier, description))| {
                let purl = format!("pkg:npm/{name}-{number}@{version}");
                let hashes: Vec<Hash> =
                    hashes.iter().map(|h| Hash { algorithm: "SHA-256".to_owned(), value: h.clone() }).collect();
                Component {
                    reference: purl.clone(),
                    kind: if number == 0 { ComponentKind::Application } else { ComponentKind::Library },
                    name: format!("{name}-{number}"),
                    version: Some(version.clone()),
                    purl: Some(purl),
                    declared: declared.map(str::to_owned),
                    concluded: concluded.map(str::to_owned),
                    supplier: supplier.clone().map(|name| Party { name, ..Party::default() }),
                    description: description.clone(),
                    references: vec![ExternalReference {
                        kind: "distribution".to_owned(),
                        url: format!("https://host.example.org/{name}-{number}.tgz"),
                        hashes: hashes.clone(),
                    }],
                    hashes,
                    ..Component::default()
                }
            })
            .collect();
        let references: Vec<String> = components.iter().map(|c| c.reference.clone()).collect();
        for (component, one) in components.iter_mut().zip(&all) {
            component.dependencies = one.5.iter().map(|at| at.get(&references).clone()).collect();
            component.dependencies.retain(|to| *to != component.reference);
            component.dependencies.sort();
            component.dependencies.dedup();
            component.hashes.sort();
            component.hashes.dedup();
        }
        let root = Some(references[0].clone());
        components.sort_by(|a, b| a.reference.cmp(&b.reference));
        Bill { name: "x".to_owned(), root, components, ..Bill::default() }
    })
}

/// What all formats can say of a component.
#[derive(Debug, PartialEq)]
struct Told<'b> {
    names: (&'b str, Option<&'b str>, Option<&'b str>),
    licenses: (Option<&'b str>, Option<&'b str>),
    about: (Option<&'b str>, Option<&'b str>),
    hashes: &'b [Hash],
    dependencies: &'b [String],
    addresses: Vec<&'b str>,
}

fn told(bill: &Bill) -> Vec<Told<'_>> {
    bill.components
        .iter()
        .map(|c| Told {
            names: (&c.name, c.version.as_deref(), c.purl.as_deref()),
            licenses: (c.declared.as_deref(), c.concluded.as_deref()),
            about: (c.supplier.as_ref().map(|party| party.name.as_str()), c.description.as_deref()),
            hashes: &c.hashes,
            dependencies: &c.dependencies,
            addresses: c.references.iter().map(|r| r.url.as_str()).collect(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(bill in bills()) {
        for (format, write) in WRITERS {
            let mut out = Vec::new();
            write(&bill, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            let document = read("bom", &text).map_err(|e| TestCaseError::fail(format!("{format}: {e}\n{text}")))?;
            prop_assert_eq!(told(&document.bill), told(&bill), "{}\n{}", format, text);
            prop_assert_eq!(&document.bill.root, &bill.root, "{}", format);
            prop_assert!(document.faults.is_empty(), "{}: {:?}\n{}", format, document.faults, text);
        }
    }

    #[test]
    fn damaged_documents_are_safe(bill in bills(), writer in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(),
                                  edits in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 0..6)) {
        let mut out = Vec::new();
        (writer.get(WRITERS).1)(&bill, &mut out).unwrap();
        let mut chars: Vec<char> = String::from_utf8(out).unwrap().chars().collect();
        for (at, with) in edits {
            let at = at.index(chars.len());
            chars[at] = with;
        }
        chars.truncate(cut.index(chars.len() * 2));
        let text: String = chars.into_iter().collect();
        let lines = text.lines().count() as u32 + 1;
        if let Ok(document) = read("bom", &text) {
            prop_assert!(document.faults.iter().all(|fault| fault.place.start_line() <= lines));
        }
    }
}
