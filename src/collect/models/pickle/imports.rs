//! Which imports of a pickle are harmless and which are dangerous, by `policies/facts/pickle-imports.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::Safety;

static DATA: &str = include_str!("../../../../policies/facts/pickle-imports.txt");

/// What is known of a name.
#[derive(Default)]
struct Entry {
    /// Of the name itself.
    exact: Option<Safety>,
    /// Of everything below it.
    below: Option<Safety>,
    /// Of classes below it.
    classes: Option<Safety>,
}

static ENTRIES: LazyLock<HashMap<&'static str, Entry>> = LazyLock::new(|| {
    let mut entries: HashMap<&'static str, Entry> = HashMap::new();
    for line in DATA.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((word, name)) = line.split_once(' ') else { continue };
        let safety = if word == "harmless" { Safety::Clean } else { Safety::Dangerous };
        if let Some(name) = name.strip_suffix(".Upper*") {
            entries.entry(name).or_default().classes = Some(safety);
        } else if let Some(name) = name.strip_suffix(".*") {
            entries.entry(name).or_default().below = Some(safety);
        } else {
            entries.entry(name).or_default().exact = Some(safety);
        }
    }
    entries
});

/// What importing `path` (module and name joined with a dot, Python 3 names) means.
pub(super) fn safety(path: &str) -> Safety {
    if let Some(safety) = ENTRIES.get(path).and_then(|entry| entry.exact) {
        return safety;
    }
    if path.split('.').any(leads_anywhere) {
        return Safety::Dangerous;
    }
    let mut found = None;
    for (at, _) in path.match_indices('.') {
        let Some(entry) = ENTRIES.get(&path[..at]) else { continue };
        let is_class = || are_classes(&path[at + 1..]);
        found = entry.classes.filter(|_| is_class()).max(entry.below).or(found);
    }
    // A module reached as an attribute of a harmless one (`shutil` through a module that imports it) is that module.
    // `__torch__` is none: TorchScript's own reader finds types by such names, and Python finds nothing.
    let is_type = path.starts_with("__torch__.");
    let reached = path.match_indices('.').filter(|_| !is_type).find_map(|(at, _)| {
        let rest = &path[at + 1..];
        let module = rest.split('.').next().unwrap_or_default().trim_start_matches('_');
        // Packages that others hold as an attribute, whose own names are judged as ever.
        if matches!(module, "np" | "numpy" | "torch") {
            let own = rest.replacen("np.", "numpy.", usize::from(module == "np"));
            return (own.len() < path.len() && safety(&own) == Safety::Dangerous).then_some(Safety::Dangerous);
        }
        let entry = ENTRIES.get(module)?;
        (entry.below == Some(Safety::Dangerous) && is_standard(module) && rest != path).then_some(Safety::Dangerous)
    });
    match found {
        Some(Safety::Clean) => reached.unwrap_or(Safety::Clean),
        Some(safety) => safety,
        None if acts(path) => Safety::Dangerous,
        None => reached.unwrap_or(Safety::Unproven),
    }
}

/// Whether a function, of which nothing else is known, says by its name that it runs or loads something or opens a
/// connection. Functions of the program that wrote the pickle (`__main__`) may be named as they like.
fn acts(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once('.') else { return false };
    let word = name.trim_start_matches('_');
    let verb = word.split('_').next().unwrap_or_default();
    module != "__main__"
        && (matches!(
            word,
            "call"
                | "cmdexec"
                | "dispatcher"
                | "embed"
                | "exec"
                | "eval"
                | "evaluate"
                | "execute"
                | "load"
                | "loads"
                | "main"
                | "open"
                | "parse_expr"
                | "popen"
                | "query"
                | "set_trace"
                | "start"
                | "sympify"
                | "system"
                | "system_call"
                | "system_cmd"
                | "system_command"
                | "unlink"
        ) || matches!(verb, "connect" | "download" | "exec" | "import" | "importer" | "run" | "spawn")
            && !word.contains("unpickle")
            && !word.contains("rebuild")
            || word.starts_with("from_pretrained")
            || ["load", "open", "read", "save", "to", "write"].contains(&verb)
                && [
                    "_csv", "_data", "_file", "_json", "_lib", "_library", "_model", "_pickle", "_text", "_bytes",
                    "_url",
                ]
                .iter()
                .any(|end| word.ends_with(end)))
}

/// Whether a dotted name below a package is that of a class: modules in lower case, then parts with a capital, where
/// Cython's helpers for classes count too.
fn are_classes(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_class = |part: &str| {
        let part = part.strip_prefix("__pyx_unpickle_").unwrap_or(part);
        part.trim_start_matches('_').starts_with(|c: char| c.is_ascii_uppercase())
    };
    is_class(last)
}

/// Attributes by which everything that the interpreter holds can be reached.
fn leads_anywhere(part: &str) -> bool {
    matches!(
        part,
        "__builtins__"
            | "__code__"
            | "__base__"
            | "__bases__"
            | "__class__"
            | "__closure__"
            | "__dict__"
            | "__func__"
            | "__getattribute__"
            | "__globals__"
            | "__import__"
            | "__init__"
            | "__loader__"
            | "__mro__"
            | "__self__"
            | "__subclasses__"
    )
}

/// Modules of the standard library that give away the machine and are often imported by others.
fn is_standard(module: &str) -> bool {
    matches!(
        module,
        "builtins"
            | "asyncio"
            | "ctypes"
            | "functools"
            | "importlib"
            | "marshal"
            | "nt"
            | "os"
            | "pickle"
            | "posix"
            | "pty"
            | "runpy"
            | "shutil"
            | "socket"
            | "subprocess"
            | "sys"
            | "tempfile"
            | "urllib"
            | "webbrowser"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_entry_decides_and_the_unknown_is_unproven() {
        for (path, expected) in [
            ("os.system", Safety::Dangerous),
            ("collections.OrderedDict", Safety::Clean),
            ("builtins.eval", Safety::Dangerous),
            ("builtins.set", Safety::Clean),
            ("numpy.testing._private.utils.runstring", Safety::Dangerous),
            ("torch._utils._rebuild_tensor_v2", Safety::Clean),
            ("torch.nn.modules.linear.Linear", Safety::Clean),
            ("torch.nn.modules.linear.os.system", Safety::Dangerous),
            ("torch.hub.load", Safety::Dangerous),
            ("sklearn.linear_model._logistic.LogisticRegression", Safety::Clean),
            ("sklearn.linear_model._logistic.fetch", Safety::Unproven),
            ("acme.models.Thing", Safety::Unproven),
            ("acme.models.rebuild", Safety::Unproven),
            ("acme.models.run_shell", Safety::Dangerous),
            ("acme.models.Thing.from_pretrained", Safety::Dangerous),
            ("__main__.load_data", Safety::Unproven),
            ("random._os.system", Safety::Dangerous),
            ("torch.nn.modules.module.torch.hub.load", Safety::Dangerous),
            ("numpy.ma.core.np.testing._private.utils.runstring", Safety::Dangerous),
            ("builtins.OSError", Safety::Clean),
            ("__torch__.torch.classes.quantized.Conv2dPackedParamsBase", Safety::Clean),
            ("torch.classes.quantized.Conv2dPackedParamsBase", Safety::Dangerous),
            ("numpy.add", Safety::Clean),
            ("acme.models.os.system", Safety::Dangerous),
            ("acme.tools.system_call", Safety::Dangerous),
            ("docutils.nodes.system_message", Safety::Clean),
            ("sphinx.addnodes.download_reference", Safety::Clean),
            ("docutils.nodes.os.system", Safety::Dangerous),
            ("acme.models.system_info", Safety::Unproven),
            ("asyncio.unix_events._UnixSubprocessTransport._start", Safety::Dangerous),
            ("operator.attrgetter", Safety::Dangerous),
            ("collections.OrderedDict.__init__.__globals__", Safety::Dangerous),
            ("torch.nn.modules.module.functools.reduce", Safety::Dangerous),
            ("sklearn.metrics._classification.accuracy_score", Safety::Clean),
        ] {
            assert_eq!(safety(path), expected, "{path}");
        }
    }

    #[test]
    fn every_line_is_well_formed_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for line in DATA.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (word, name) = line.split_once(' ').unwrap();
            assert!(matches!(word, "harmless" | "dangerous"), "{line}");
            assert!(seen.insert(name), "{line} stands twice");
        }
    }
}
