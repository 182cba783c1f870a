//! Each format by what its specification says, and any text at all.

use proptest::prelude::*;

use super::compare::compare;
use super::read;
use crate::collect::packages::testing::file;
use crate::model::Interface;

fn of(path: &str, text: &str) -> Interface {
    file(path, text, read).unwrap()
}

fn problems(path: &str, text: &str) -> Vec<String> {
    of(path, text).problems.into_iter().map(|(place, text)| format!("{}: {text}", place.start_line())).collect()
}

#[test]
fn openapi_is_read_from_yaml_and_json() {
    let yaml = "openapi: 3.0.3\ninfo:\n  title: Pets\n  version: 1.2.0\n  license: {name: MIT}\nservers:\n  - url: http://api.acme.io\npaths:\n  /pets:\n    get:\n      deprecated: true\n      responses:\n        '200':\n          $ref: '#/components/responses/None'\n";
    let found = of("a.yaml", yaml);
    assert_eq!(found.version.unwrap().0, "1.2.0");
    assert_eq!(found.license.unwrap().0, "MIT");
    assert_eq!((found.elements, found.undocumented), (1, 1));
    assert_eq!(found.deprecated[0].1, "GET /pets");
    assert_eq!(found.insecure[0].1, "http://api.acme.io");
    assert_eq!(found.problems[0].0.start_line(), 14);
    let json = "{\"swagger\": \"2.0\", \"info\": {\"title\": \"a\"},\n\"paths\": {\"pets\": {}}}";
    assert_eq!(
        problems("a.json", json),
        ["1: `info.version` is missing", "2: the path `pets` does not start with `/`"]
    );
    assert!(problems("a.json", "{\"openapi\": \"3.0.0\",\n")[0].starts_with('2'));
}

#[test]
fn protobuf_numbers_and_types_are_checked() {
    let text = "syntax = \"proto3\";\npackage a;\n// A pet.\nmessage Pet {\n  reserved 5 to 7;\n  string name = 1; // Its name.\n  repeated Toy toys = 1;\n  int32 age = 6;\n}\nenum Kind { CAT = 1; }\n";
    let mut found = problems("a.proto", text);
    found.sort();
    assert_eq!(
        found,
        [
            "10: `CAT` is the first value of an enum of proto3 and not 0",
            "1: `age` of `Pet` has the reserved number 6",
            "7: `name` and `toys` have the same number 1",
            "7: the type `Toy` is not defined, and nothing is imported",
        ]
    );
    let sound = "edition = \"2023\";\nimport \"b.proto\";\noption (x) = { a: 1 };\nservice S { rpc Get(b.In) returns (stream b.Out) { option (y) = { get: \"/v1\" }; } }\nmessage M { oneof o { string a = 1; map<string, B> m = 2 [deprecated = true]; } extensions 100 to max; }\n";
    assert_eq!(problems("a.proto", sound), Vec::<String>::new());
    assert!(problems("a.proto", "message A {\n")[0].contains("without its"));
}

#[test]
fn graphql_and_wit_are_read() {
    let text = "\"\"\"Pets.\"\"\"\ntype Query {\n  \"All of them\"\n  pets(first: Int!, after: ID = null): [Pet!]!\n  old: Int @deprecated\n}\ntype Pet { name: Nme }\n";
    let found = of("a.graphql", text);
    assert_eq!(found.problems[0].1, "the type `Nme` is not defined");
    assert_eq!(found.deprecated[0].1, "Query.old");
    assert_eq!((found.elements, found.undocumented), (5, 3));
    assert!(file("q.graphql", "query A { pets { name } }", read).is_none());
    let wit =
        of("a.wit", "package a:b@1.2.0;\n\n/// Things.\ninterface things {\n  get: func(id: u32) -> string;\n}\n");
    assert_eq!((wit.version.unwrap().0.as_str(), wit.elements, wit.undocumented), ("1.2.0", 2, 1));
}

#[test]
fn json_schema_is_checked() {
    let text = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n\"properties\": {\"a\": {\"type\": \"text\"},\n\"b\": {\"$ref\": \"#/$defs/c\"}}}";
    assert_eq!(
        problems("a.schema.json", text),
        ["3: `#/$defs/c` leads nowhere", "2: `text` is no type of JSON Schema"]
    );
}

#[test]
fn what_a_document_lacks_is_told_once() {
    let schema = "https://json-schema.org/draft/2020-12/schema";
    let text = format!(
        "{{\"$schema\": \"{schema}\",\n\"properties\": {{\"a\": {{\"$ref\": \"#/$defs/c\"}},\n\"b\": {{\"$ref\": \"#/$defs/c\"}},\n\"d\": {{\"$ref\": \"#/$defs/e\"}}}}}}"
    );
    assert_eq!(problems("a.schema.json", &text), ["2: `#/$defs/c` leads nowhere", "4: `#/$defs/e` leads nowhere"]);
}

#[test]
fn what_breaks_is_told_apart_from_what_does_not() {
    let pair = |path: &str, old: &str, new: &str| compare(&of(path, old).shape, &of(path, new).shape);
    let proto = |body: &str| format!("syntax = \"proto3\"; message A {{ {body} }}");
    let test = |old: &str, new: &str| pair("a.proto", &proto(old), &proto(new));
    assert_eq!(test("string a = 1;", "string a = 1; int32 b = 2;"), (vec![], vec![]));
    assert_eq!(test("string a = 1;", "string b = 1;"), (vec![], vec![]));
    assert_eq!(test("string a = 1;", "reserved 1;"), (vec![], vec![]));
    assert_eq!(test("string a = 1;", "").0, ["`A.a` is gone"]);
    assert_eq!(test("string a = 1;", "int32 a = 1;").0, ["`A.a` was string and is int32"]);
    assert_eq!(test("string a = 1;", "int32 b = 1;").1, ["1 of `message A` was `a` and is `b`"]);
    let api = |paths: &str| format!("openapi: 3.1.0\ninfo: {{title: a, version: '1'}}\npaths: {paths}\n");
    let test = |old: &str, new: &str| pair("a.yaml", &api(old), &api(new)).0;
    assert_eq!(test("{/a/{id}: {get: {}}}", "{/a/{key}: {get: {}}, /b: {get: {}}}"), Vec::<String>::new());
    assert_eq!(test("{/a: {get: {}}}", "{}"), ["`GET /a` is gone"]);
    let demanding = "{/a: {get: {parameters: [{name: q, in: query, required: true}]}}}";
    assert_eq!(test("{/a: {get: {}}}", demanding), ["`GET /a: query q` is new and has to be given"]);
}

#[test]
fn prose_with_the_ending_of_protobuf_is_none() {
    let is_read = |text: &str| file("a.proto", text, |f| read(f).is_some());
    for text in ["syntax = \"proto3\"; // new\n", "message A\n{\n}\n", "extend a.b {}\n", "package a.b;\n"] {
        assert!(is_read(text), "{text}");
    }
    // The language that SPICE describes its protocol in.
    let other = "typedef t uint32;\nstruct Point {\n  int32 x;\n};\nenum8 kind {\n  A = 1,\n};\nflags8 f {\n  B,\n};\nmessage M {\n  int32 a;\n};\n";
    assert!(!is_read(other));
    assert!(is_read("message M {\n  int32 a = 1;\n}\nmesage N {\n}\n"), "a mistake or two are mistakes");
    for text in ["message size; exceeds it\n", "service = the name of { it }\n", "option of a don't\n", ""] {
        assert!(!is_read(text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_is_safe(
        text in "(syntax|package|message|enum|type|input|openapi: 3.0.0|rpc|func|@|[a-z]{1,3}|[0-9]|[{}()=;:\"#/*\\n é.,-]){0,60}",
        ending in prop::sample::select(vec!["proto", "graphql", "wit", "schema.json", "yaml", "json"]),
    ) {
        file(&format!("a.{ending}"), &text, |f| {
            if let Some(found) = read(f) {
                prop_assert!(found.undocumented <= found.elements);
                let _ = compare(&found.shape, &found.shape);
            }
            Ok(())
        })?;
    }
}
