use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha224, Sha512};

use super::*;
use crate::collect::packages::testing::inventory_of;
use crate::model::{Hash, RelPath};

/// The text of the license on the SPDX License List.
const MIT: &str = "MIT License

Copyright (c) 2020 A. Person

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A tar archive (POSIX.1-1988), compressed.
fn tar_gz(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, text) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        tar.extend(header);
        tar.extend(text.as_bytes());
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.extend([0; 1024]);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&tar).unwrap();
    encoder.finish().unwrap()
}

fn places(home: &Path) -> Places {
    let home = home.to_owned();
    Places::of(move |name| (name == "HOME").then(|| home.clone().into_os_string()))
}

/// An inventory with the packages of these purls and nothing else.
fn packages(all: &[(&str, &str, &str)]) -> Inventory {
    let mut inventory = inventory_of(&[(RelPath::new("requirements.txt"), "x==1\n".to_owned())]);
    let like = inventory.packages.pop().unwrap();
    inventory.packages = all
        .iter()
        .map(|(kind, name, version)| Package {
            purl: format!("pkg:{kind}/{name}@{version}"),
            name: (*name).to_owned(),
            version: (*version).to_owned(),
            ..like.clone()
        })
        .collect();
    inventory
}

fn licenses(inventory: &Inventory) -> Vec<(Option<&str>, Option<&str>, Option<&str>)> {
    inventory
        .packages
        .iter()
        .map(|p| (p.license.declared.as_deref(), p.license.concluded.as_deref(), p.license.source.as_deref()))
        .collect()
}

#[test]
fn crates_are_found_as_sources_and_as_archives() {
    let home = tempfile::tempdir().unwrap();
    let manifest = |name: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\nauthors = [\"A <a@example.org>\"]\n"
        )
    };
    put(home.path(), ".cargo/registry/src/index-1/unpacked-1.0.0/Cargo.toml", manifest("unpacked"));
    put(home.path(), ".cargo/registry/src/index-1/unpacked-1.0.0/LICENSE-MIT", MIT);
    let packed = tar_gz(&[("packed-1.0.0/Cargo.toml", &manifest("packed")), ("packed-1.0.0/tests/LICENSE", MIT)]);
    put(home.path(), ".cargo/registry/cache/index-1/packed-1.0.0.crate", packed);
    // What lies there calls itself otherwise.
    put(home.path(), ".cargo/registry/src/index-1/other-1.0.0/Cargo.toml", manifest("unpacked"));
    let mut inventory =
        packages(&[("cargo", "unpacked", "1.0.0"), ("cargo", "packed", "1.0.0"), ("cargo", "other", "1.0.0")]);
    fill(&mut inventory, &places(home.path()));
    assert_eq!(
        licenses(&inventory),
        [(Some("MIT"), Some("MIT"), Some("cache")), (Some("MIT"), None, Some("cache")), (None, None, None)]
    );
    let authors: Vec<_> = inventory.cached.iter().map(|m| m.authors.as_slice()).collect();
    assert_eq!(authors, [["A <a@example.org>"], ["A <a@example.org>"]]);
}

#[test]
fn npm_tarballs_are_found_by_their_digest() {
    let home = tempfile::tempdir().unwrap();
    let bytes = tar_gz(&[
        ("package/package.json", r#"{"name": "@s/a", "version": "1.0.0", "license": "MIT"}"#),
        ("package/LICENSE", MIT),
    ]);
    let digest: String = Sha512::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let path = format!(".npm/_cacache/content-v2/sha512/{}/{}/{}", &digest[..2], &digest[2..4], &digest[4..]);
    put(home.path(), &path, bytes);
    let mut inventory = packages(&[("npm", "@s/a", "1.0.0"), ("npm", "b", "1.0.0")]);
    for package in &mut inventory.packages {
        package.hashes = vec![Hash { algorithm: "SHA-512".to_owned(), value: digest.clone() }];
    }
    fill(&mut inventory, &places(home.path()));
    assert_eq!(licenses(&inventory), [(Some("MIT"), Some("MIT"), Some("cache")), (None, None, None)]);
}

#[test]
fn python_projects_are_found_unpacked_and_by_address() {
    let home = tempfile::tempdir().unwrap();
    let metadata =
        |name: &str| format!("Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n");
    put(home.path(), ".cache/uv/archive-v0/x1/my_lib-1.0.dist-info/METADATA", metadata("My_Lib"));
    put(home.path(), ".cache/uv/archive-v0/x1/my_lib-1.0.dist-info/licenses/LICENSE", MIT);
    let address = "https://files.pythonhosted.org/packages/other-1.0-py3-none-any.whl";
    let digest: String = Sha224::digest(address).iter().map(|b| format!("{b:02x}")).collect();
    let folders: Vec<&str> = (0..5).map(|at| &digest[at..=at]).collect();
    // What a wheel is made of is told by its content, and a tar archive does here as well as a zip file.
    let body = tar_gz(&[("other-1.0.dist-info/METADATA", &metadata("other"))]);
    put(home.path(), &format!(".cache/pip/http-v2/{}/{digest}.body", folders.join("/")), body);
    let mut inventory = packages(&[("pypi", "my-lib", "1.0"), ("pypi", "other", "1.0")]);
    inventory.packages[1].resolved = Some(address.to_owned());
    fill(&mut inventory, &places(home.path()));
    assert_eq!(licenses(&inventory), [(Some("MIT"), Some("MIT"), Some("cache")), (Some("MIT"), None, Some("cache"))]);
}

#[test]
fn go_modules_have_texts_alone() {
    let home = tempfile::tempdir().unwrap();
    put(home.path(), "go/pkg/mod/github.com/!burnt!sushi/toml@v1.0.0/COPYING", MIT);
    let mut inventory = packages(&[("golang", "github.com/BurntSushi/toml", "v1.0.0"), ("golang", "../x", "v1")]);
    fill(&mut inventory, &places(home.path()));
    assert_eq!(licenses(&inventory), [(None, Some("MIT"), Some("cache")), (None, None, None)]);
}

#[test]
fn licenses_of_maven_come_from_parents_too() {
    let home = tempfile::tempdir().unwrap();
    let pom = |body: &str| format!("<project><modelVersion>4.0.0</modelVersion>{body}</project>");
    let parent = "<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version></parent>";
    put(
        home.path(),
        ".m2/repository/org/example/a/1.0/a-1.0.pom",
        pom(&format!("{parent}<artifactId>a</artifactId><version>${{v}}</version>")),
    );
    put(
        home.path(),
        ".gradle/caches/modules-2/files-2.1/org.example/parent/7/0a1b/parent-7.pom",
        pom("<groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version>\
             <licenses><license><name>Apache-2.0</name></license></licenses>"),
    );
    let mut inventory = packages(&[("maven", "org.example/a", "1.0"), ("maven", "org.example/b", "1.0")]);
    fill(&mut inventory, &places(home.path()));
    assert_eq!(licenses(&inventory), [(Some("Apache-2.0"), None, Some("cache")), (None, None, None)]);
}

#[test]
fn nuget_states_expressions() {
    let home = tempfile::tempdir().unwrap();
    put(
        home.path(),
        ".nuget/packages/newtonsoft.json/13.0.1/newtonsoft.json.nuspec",
        "<package><metadata><id>Newtonsoft.Json</id><version>13.0.1</version>\
         <license type=\"expression\">MIT</license><authors>James Newton-King</authors></metadata></package>",
    );
    let mut inventory = packages(&[("nuget", "Newtonsoft.Json", "13.0.1")]);
    fill(&mut inventory, &places(home.path()));
    assert_eq!(licenses(&inventory), [(Some("MIT"), None, Some("cache"))]);
    assert_eq!(inventory.cached[0].authors, ["James Newton-King"]);
}

#[test]
fn what_the_checkout_states_stays() {
    let home = tempfile::tempdir().unwrap();
    put(
        home.path(),
        ".cargo/registry/src/i/a-1.0.0/Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n",
    );
    let mut inventory = packages(&[("cargo", "a", "1.0.0"), ("cargo", "a", "1.0.0")]);
    inventory.packages[0].license.declared = Some("Apache-2.0".to_owned());
    inventory.packages[0].license.source = Some("lock".to_owned());
    inventory.packages[1].local = true;
    fill(&mut inventory, &places(home.path()));
    assert_eq!(licenses(&inventory), [(Some("Apache-2.0"), None, Some("lock")), (None, None, None)]);
}
