//! The same tree gives the same bytes: for any number of threads, in any folder, for every format.

use openclause::report::FORMATS;

use crate::support::Tree;

/// A tree that gives every kind of evidence, in enough files that threads race.
fn tree() -> Tree {
    let tree = Tree::project();
    tree.write("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"MIT OR Apache-2.0\"\n");
    tree.write("README.md", "# A\n\nSee [there](missing.md) and [here](LICENSE).\n");
    tree.write(
        "web/package.json",
        r#"{ "name": "b", "version": "1.0.0", "license": "MIT", "dependencies": { "c": "^1" } }"#,
    );
    tree.write(
        "web/package-lock.json",
        r#"{ "name": "b", "version": "1.0.0", "lockfileVersion": 3, "packages": {
            "": { "name": "b", "version": "1.0.0", "dependencies": { "c": "^1" } },
            "node_modules/c": { "version": "1.2.3", "license": "ISC" } } }"#,
    );
    tree.write("broken/Cargo.lock", "version = 3\n[[package]\n");
    for number in 0..200 {
        let license = ["MIT", "Apache-2.0", "GPL-2.0-only", "Nonsense-1.0"][number % 4];
        let text =
            format!("// Copyright 20{:02} Author {number}\n// SPDX-License-Identifier: {license}\n", number % 30);
        tree.write(&format!("src/{}/{number}.c", number % 7), text);
    }
    tree
}

#[test]
fn one_and_eight_threads_give_the_same_bytes_in_every_format() {
    let tree = tree();
    for format in FORMATS {
        let run =
            |threads: &str| tree.run(&["--fail-on", "never", "--format", format.name, "-j", threads]).expect(0).out;
        let one = run("1");
        assert!(!one.is_empty(), "{}", format.name);
        for _ in 0..3 {
            assert_eq!(run("8"), one, "{}", format.name);
        }
    }
}

#[test]
fn two_copies_in_different_folders_give_the_same_bytes_in_every_format() {
    let (a, b) = (tree(), tree());
    for format in FORMATS {
        let arguments = ["--fail-on", "never", "--format", format.name];
        let (first, second) = (a.run(&arguments).expect(0).out, b.run(&arguments).expect(0).out);
        assert_eq!(first, second, "{}", format.name);
        let here = a.path().canonicalize().unwrap();
        assert!(!first.contains(here.to_str().unwrap()), "{} names the scanned folder", format.name);
    }
}
