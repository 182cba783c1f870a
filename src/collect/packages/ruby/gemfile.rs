//! `Gemfile` and `gems.rb`: the literals of Bundler's language; nothing is evaluated.

use super::GEM;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, Node, RUBY, statements};
use crate::collect::packages::draft;
use crate::collect::packages::purl::without_credentials;
use crate::model::{Evidence, Scope};

/// Reads the manifest.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &RUBY);
    let mut manifest = draft::manifest(file, GEM);
    // What each open block says of the gems in it; `None` for a block that says nothing of them.
    let mut blocks: Vec<Option<Options>> = Vec::new();
    for statement in statements(&items, ",=") {
        let (Some(keyword), rest) = (statement[0].word(), &statement[1..]) else { continue };
        let block = rest.iter().position(|item| item.word() == Some("do"));
        let opens = block.is_some();
        let arguments = &rest[..block.unwrap_or(rest.len())];
        let arguments = arguments.first().and_then(|item| item.group('(')).unwrap_or(arguments);
        match keyword {
            "gem" => {
                let mut options = blocks.iter().flatten().fold(Options::default(), |all, block| all.with(block));
                options = options.with(&Options::read(arguments));
                let texts: Vec<&str> = leading_texts(arguments);
                if let Some((name, requirements)) = texts.split_first() {
                    let at = statement[0].at.start..statement.last().map_or(0, |item| item.at.end);
                    let mut found = draft::dependency(
                        file,
                        name,
                        &requirements.join(", "),
                        options.scope.unwrap_or_default(),
                        at,
                    );
                    found.source = options.source;
                    manifest.dependencies.push(found);
                }
            }
            "gemspec" => {
                let path = option(arguments, "path").and_then(|value| value.text()).unwrap_or(".");
                manifest.inheritance.members.get_or_insert_with(Vec::new).push(path.to_owned());
            }
            "group" if opens => blocks.push(Some(Options { scope: scope_of(symbols(arguments)), source: None })),
            "git" | "github" | "path" if opens => {
                let address = leading_texts(arguments).first().copied().unwrap_or_default();
                let mut options = Options::read(arguments);
                options.source = Some(source(keyword, address, arguments));
                blocks.push(Some(options));
            }
            "if" | "unless" | "case" | "begin" | "def" | "while" | "until" => blocks.push(None),
            "end" => {
                blocks.pop();
            }
            _ if opens => blocks.push(None),
            _ => {}
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// What a gem's options, or those of the blocks around it, say.
#[derive(Clone, Default)]
struct Options {
    scope: Option<Scope>,
    source: Option<String>,
}

impl Options {
    fn read(arguments: &[Item<'_>]) -> Self {
        let groups = ["group", "groups"].iter().find_map(|key| option(arguments, key));
        let scope = groups.and_then(|value| match value.word() {
            Some(word) => scope_of([word].into_iter()),
            None => scope_of(symbols(std::slice::from_ref(value))),
        });
        let kinds = ["git", "github", "gist", "bitbucket", "path", "source"];
        let source = kinds.iter().find_map(|kind| {
            let address = option(arguments, kind)?.text()?;
            Some(source(kind, address, arguments))
        });
        Self { scope, source }
    }

    /// These options with what nearer ones say.
    fn with(&self, nearer: &Self) -> Self {
        Self { scope: nearer.scope.or(self.scope), source: nearer.source.clone().or_else(|| self.source.clone()) }
    }
}

fn source(kind: &str, address: &str, arguments: &[Item<'_>]) -> String {
    let address = without_credentials(address);
    let reference = ["ref", "tag", "branch"].iter().find_map(|key| {
        let value = option(arguments, key)?.text()?;
        Some(format!("?{key}={value}"))
    });
    let reference = reference.unwrap_or_default();
    match kind {
        "path" => address.into_owned(),
        "source" => format!("registry+{address}"),
        // A single word stands for a user and a repository of the same name.
        "github" if !address.contains('/') => format!("git+https://github.com/{address}/{address}{reference}"),
        "github" => format!("git+https://github.com/{address}{reference}"),
        "gist" => format!("git+https://gist.github.com/{address}{reference}"),
        "bitbucket" => format!("git+https://bitbucket.org/{address}{reference}"),
        _ => format!("git+{address}{reference}"),
    }
}

/// The texts in front of the first option.
fn leading_texts<'t>(arguments: &[Item<'t>]) -> Vec<&'t str> {
    brackets::parts(arguments, ',').map_while(|part| if part.len() == 1 { part[0].text() } else { None }).collect()
}

/// The value of an option: `key: value` or `:key => value`.
fn option<'i, 't>(arguments: &'i [Item<'t>], key: &str) -> Option<&'i Item<'t>> {
    let at = arguments.iter().position(|item| item.word() == Some(key))?;
    let mut rest = arguments[at + 1..].iter().skip_while(|item| matches!(item.node, Node::Sign(':' | '=' | '>')));
    let separated = arguments.get(at + 1).is_some_and(|item| item.is(':') || item.is('='));
    rest.next().filter(|_| separated)
}

/// The symbols and texts of an argument list, options left out.
fn symbols<'i, 't>(arguments: &'i [Item<'t>]) -> impl Iterator<Item = &'t str> + use<'i, 't> {
    arguments
        .iter()
        .flat_map(|item| std::slice::from_ref(item).iter().chain(item.items()))
        .filter_map(|item| item.word().or(item.text()))
}

/// The strongest need among groups; `None` where they say nothing of it.
fn scope_of<'t>(groups: impl Iterator<Item = &'t str>) -> Option<Scope> {
    let scopes = groups.filter(|word| !matches!(*word, "optional" | "true" | "false")).map(|group| match group {
        "test" | "tests" | "spec" => Scope::Test,
        "development" | "dev" | "doc" | "docs" | "documentation" | "lint" | "rubocop" => Scope::Dev,
        _ => Scope::Runtime,
    });
    scopes.min()
}
