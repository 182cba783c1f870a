//! `--online`: what registries state, asked of a server on this machine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::{Ran, Tree, program};

/// A server that answers what it is given, status 404 for all else, and notes what it is asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answers: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answers: BTreeMap<String, String> =
            answers.iter().map(|(path, body)| ((*path).to_owned(), (*body).to_owned())).collect();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        // It ends with the tests.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answers, notes) = (answers.clone(), Arc::clone(&notes));
                thread::spawn(move || serve(&stream, &answers, &notes));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked
    }
}

/// Answers one connection, request by request.
fn serve(stream: &TcpStream, answers: &BTreeMap<String, String>, notes: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(request) = lines.next() {
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        assert!(!head.iter().any(|line| line.to_lowercase().starts_with("authorization")), "{head:?}");
        let path = request.split(' ').nth(1).unwrap().to_owned();
        let busy = path.ends_with("/busy/1.0.0") && !notes.lock().unwrap().contains(&path);
        let (status, body) = match answers.get(&path) {
            _ if busy => ("429 Too Many Requests\r\nRetry-After: 0", ""),
            Some(body) if body.starts_with("500") => ("500 Internal Server Error\r\nRetry-After: 3600", ""),
            Some(body) => ("200 OK", body.as_str()),
            None => ("404 Not Found", "no such thing"),
        };
        notes.lock().unwrap().push(path);
        let mut stream = stream;
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The bill of the tree, with every registry of `kinds` at the server's address.
fn bill(tree: &Tree, server: &Server, kinds: &[&str], more: &[&str]) -> Ran {
    let mut command = program(tree.path());
    command.args(["sbom", "--online"]).args(more);
    for kind in kinds {
        command.arg("--registry").arg(format!("{kind}={}/{kind}", server.address));
    }
    command.env("XDG_CACHE_HOME", tree.at("cache")).env("no_proxy", "127.0.0.1");
    Ran::of(&mut command)
}

/// The licenses of a bill in CycloneDX by purl, with where they come from.
fn licenses(ran: &Ran) -> BTreeMap<String, (String, String)> {
    let bill = ran.json();
    let all = bill["components"].as_array().unwrap().iter();
    all.filter_map(|component| {
        let license = &component["licenses"][0];
        let text = license["expression"]
            .as_str()
            .or(license["license"]["id"].as_str())
            .or(license["license"]["name"].as_str());
        let properties = component["properties"].as_array()?;
        let source = properties.iter().find(|p| p["name"] == "openclause:license:source")?["value"].as_str()?;
        Some((component["purl"].as_str()?.to_owned(), (text?.to_owned(), source.to_owned())))
    })
    .collect()
}

const KINDS: &[&str] = &["cargo", "npm", "pypi", "maven", "gem", "nuget", "composer", "hackage", "huggingface"];

#[test]
fn every_registry_is_asked_in_its_own_way() {
    let pom = |body: &str| format!("<project><modelVersion>4.0.0</modelVersion>{body}</project>");
    let child =
        pom("<parent><groupId>org.example</groupId><artifactId>top</artifactId><version>7</version></parent>\
         <artifactId>a</artifactId>");
    let parent = pom("<groupId>org.example</groupId><artifactId>top</artifactId><version>7</version>\
         <licenses><license><name>Apache-2.0</name></license></licenses>");
    let server = Server::new(&[
        ("/cargo/api/v1/crates/a/1.0.0", r#"{"version": {"license": "MIT/Apache-2.0"}}"#),
        ("/npm/%40s%2Fa/1.0.0", r#"{"name": "@s/a", "version": "1.0.0", "license": "ISC"}"#),
        ("/npm/busy/1.0.0", r#"{"name": "busy", "version": "1.0.0", "license": {"type": "MIT"}}"#),
        (
            "/pypi/pypi/a/1.0/json",
            r#"{"info": {"license": "", "license_expression": null, "classifiers": ["License :: OSI Approved :: MIT License"]}}"#,
        ),
        ("/maven/org/example/a/1.0/a-1.0.pom", &child),
        ("/maven/org/example/top/7/top-7.pom", &parent),
        ("/gem/api/v2/rubygems/a/versions/1.0.json", r#"{"licenses": ["MIT", "Ruby"]}"#),
        (
            "/nuget/v3-flatcontainer/a.b/1.0.0/a.b.nuspec",
            "<package><metadata><id>A.B</id><version>1.0.0</version><license type=\"expression\">MIT</license></metadata></package>",
        ),
        (
            "/composer/p2/a/b.json",
            r#"{"minified": "composer/2.0", "packages": {"a/b": [{"version": "v2.0.0", "license": ["GPL-3.0-only"]}, {"version": "v1.1.0", "license": ["MIT"]}, {"version": "v1.0.0"}]}}"#,
        ),
        ("/hackage/package/a-1.0/a.cabal", "cabal-version: 2.2\nname: a\nversion: 1.0\nlicense: BSD-3-Clause\n"),
    ]);
    let tree = Tree::new(&[
        (
            "Cargo.lock",
            "version = 3\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
        ),
        (
            "package-lock.json",
            r#"{"lockfileVersion": 3, "packages": {"": {},
            "node_modules/@s/a": {"version": "1.0.0"}, "node_modules/busy": {"version": "1.0.0"},
            "node_modules/own": {"version": "1.0.0", "resolved": "https://npm.example.org/own-1.0.0.tgz"},
            "node_modules/told": {"version": "1.0.0", "license": "MIT"}, "node_modules/gone": {"version": "1.0.0"}}}"#,
        ),
        ("requirements.txt", "a==1.0\nb>=2\n"),
        ("gradle.lockfile", "org.example:a:1.0=runtimeClasspath\n"),
        ("Gemfile.lock", "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0)\n\nDEPENDENCIES\n  a\n"),
        (
            "packages.lock.json",
            r#"{"version": 1, "dependencies": {"net8.0": {"A.B": {"type": "Direct", "resolved": "1.0.0"}}}}"#,
        ),
        ("composer.lock", r#"{"packages": [{"name": "a/b", "version": "v1.0.0"}]}"#),
        ("cabal.project.freeze", "constraints: any.a ==1.0\n"),
    ]);
    let licenses = licenses(&bill(&tree, &server, KINDS, &[]).expect(0));
    let expected = [
        ("pkg:cargo/a@1.0.0", "MIT OR Apache-2.0", "registry"),
        ("pkg:composer/a/b@v1.0.0", "MIT", "registry"),
        ("pkg:gem/a@1.0", "MIT OR Ruby", "registry"),
        ("pkg:hackage/a@1.0", "BSD-3-Clause", "registry"),
        ("pkg:maven/org.example/a@1.0", "Apache-2.0", "registry"),
        ("pkg:npm/%40s/a@1.0.0", "ISC", "registry"),
        ("pkg:npm/busy@1.0.0", "MIT", "registry"),
        ("pkg:npm/told@1.0.0", "MIT", "lock"),
        ("pkg:nuget/A.B@1.0.0", "MIT", "registry"),
        ("pkg:pypi/a@1.0", "MIT License", "registry"),
    ];
    let expected: BTreeMap<String, (String, String)> = expected
        .into_iter()
        .map(|(purl, license, source)| (purl.to_owned(), (license.to_owned(), source.to_owned())))
        .collect();
    assert_eq!(licenses, expected);
    // What a lock states, what another registry holds, and what has no one version are not asked for.
    let asked = server.asked();
    assert!(
        !asked.iter().any(|path| path.contains("told") || path.contains("own") || path.contains("pypi/b")),
        "{asked:?}"
    );
    assert_eq!(asked.iter().filter(|path| path.ends_with("/busy/1.0.0")).count(), 2, "{asked:?}");

    // The second time, the answers are there, and so is that there was none.
    let before = asked.len();
    assert_eq!(self::licenses(&bill(&tree, &server, KINDS, &[]).expect(0)), expected);
    assert_eq!(server.asked().len(), before);
    bill(&tree, &server, KINDS, &["--no-cache"]).expect(0);
    assert!(server.asked().len() > before);
}

#[test]
fn a_registry_that_cannot_be_asked_ends_the_run_and_is_named() {
    let tree = Tree::new(&[(
        "package-lock.json",
        r#"{"lockfileVersion": 3, "packages": {"": {},
        "node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "1.0.0"}}}"#,
    )]);
    // Nothing listens there any longer.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server { address: format!("http://{closed}"), asked: Arc::default() };
    let ran = bill(&tree, &server, &["npm"], &[]).expect(2);
    assert!(ran.err.contains(&closed.to_string()) && ran.err.contains("without --online"), "{}", ran.err);
    assert_eq!(ran.out, "");

    // What was answered before is kept.
    let server = Server::new(&[("/npm/a/1.0.0", r#"{"name": "a", "license": "MIT"}"#), ("/npm/b/1.0.0", "500")]);
    let ran = bill(&tree, &server, &["npm"], &[]).expect(2);
    assert!(ran.err.contains("500") && ran.err.contains("/npm/b/1.0.0"), "{}", ran.err);
    bill(&tree, &server, &["npm"], &[]).expect(2);
    assert_eq!(server.asked(), ["/npm/a/1.0.0", "/npm/b/1.0.0", "/npm/b/1.0.0"]);
}

#[test]
fn only_https_and_no_credentials() {
    let tree = Tree::new(&[]);
    for (registry, word) in [
        ("npm=http://npm.example.org", "https://"),
        ("npm=https://me:secret@npm.example.org", "password"),
        ("golang=https://go.example.org", "no registry"),
    ] {
        let ran = tree.run(&["sbom", "--online", "--registry", registry]).expect(2);
        assert!(ran.err.contains(word), "{registry}: {}", ran.err);
    }
    tree.run(&["sbom", "--registry", "npm=https://npm.example.org"]).expect(2);
}
