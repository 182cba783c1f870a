use super::*;
use crate::model::{Encoding, FileKind};

fn read(path: &str, text: &str) -> Vec<(HandlingKind, u32, String)> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let mut out = Vec::new();
    Handlings.collect(&file, &[], &mut out);
    let handling = |evidence| match evidence {
        Evidence::Handling(h) => (h.kind, h.place.start_line(), h.by),
        other => panic!("{other:?}"),
    };
    out.into_iter().map(handling).collect()
}

fn listed(path: &str, text: &str) -> Vec<(String, String)> {
    let path = RelPath::new(path);
    let name = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &name, &kind, text);
    let mut out = Vec::new();
    Handlings.collect(&file, &[], &mut out);
    match out.into_iter().next() {
        Some(Evidence::Handling(h)) => h.listed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_stage_of_an_image_counts() {
    let text = "FROM debian AS build\nRUN rm -rf /usr/share/doc\nFROM debian\nRUN apt-get update && \\\n    rm -rf /var/lib/apt \\\n    /usr/share/doc/*\n";
    let found = read("Dockerfile", text);
    assert_eq!(found[0], (HandlingKind::RemovesCopyright, 6, "rm /usr/share/doc/*".into()));
    assert_eq!(found[1], (HandlingKind::Ships, 3, "a container image".into()));
    assert_eq!(read("Dockerfile", "FROM a\nRUN rm -rf /usr/share/doc\nFROM scratch\nCOPY --from=0 /a /a\n").len(), 1);
}

#[test]
fn options_that_drop_license_comments() {
    assert_eq!(read("vite.config.ts", "export default {\n  esbuild: { legalComments: 'none' },\n}\n")[0].1, 2);
    assert_eq!(
        read("webpack.config.js", "new TerserPlugin({ terserOptions: { format: { comments: false } } })").len(),
        1
    );
    assert!(read("webpack.config.js", "new TerserPlugin({ extractComments: false })").is_empty());
    assert!(read("rollup.config.js", "// legalComments: 'none'\n").is_empty());
}

#[test]
fn archives_that_list_their_files() {
    let with = "archives:\n  - files:\n      - LICENSE\n      - README.md\n";
    let without = "archives:\n  - id: a\n    files:\n      - README.md\nchecksum:\n  name_template: x\n";
    assert!(read(".goreleaser.yml", with).iter().all(|f| f.0 != HandlingKind::LeavesOutLicense));
    assert!(read(".goreleaser.yml", without).iter().any(|f| f.0 == HandlingKind::LeavesOutLicense && f.1 == 3));
    assert_eq!(read("MANIFEST.in", "include a\nglobal-exclude LICENSE*\n")[0].1, 2);
}

#[test]
fn components_of_a_notices_file() {
    let text = "# Third-party notices\n\nserde 1.0.200 (MIT OR Apache-2.0)\n@types/node@20.1.0\n| left-pad | v1.3.0 | WTFPL |\nApache License\nVersion 2.0, January 2004\nCopyright (c) 2020.1\n";
    let names = |name: &str, version: &str| (name.to_owned(), version.to_owned());
    assert_eq!(
        listed("THIRD-PARTY-NOTICES.txt", text),
        [names("@types/node", "20.1.0"), names("left-pad", "1.3.0"), names("serde", "1.0.200")]
    );
}

#[test]
fn jobs_that_publish() {
    let text = "jobs:\n  release:\n    steps:\n      - uses: softprops/action-gh-release@v2\n        with:\n          files: target/app.tar.gz\n";
    assert_eq!(read(".github/workflows/release.yml", text), [(HandlingKind::Ships, 4, "release files".into())]);
    assert!(
        read(".github/workflows/ci.yml", "on: push\njobs:\n  t:\n    steps:\n      - run: cargo test\n").is_empty()
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,400}") {
        for path in ["Dockerfile", "vite.config.ts", "Cargo.toml", "package.json", ".goreleaser.yml", "MANIFEST.in", "NOTICE", ".github/workflows/a.yml"] {
            read(path, &text);
        }
    }
}
