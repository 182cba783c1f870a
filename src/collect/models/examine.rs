//! Looks at one file, and at what is inside it.

use super::parts::{self, Parts};
use super::verdict::Verdict;
use super::{gguf, json, keras, numpy, onnx, pickle, safetensors};
use crate::collect::archive::{Codec, Container, Flaw, Member, decompress, members, sniff_codec, sniff_container};
use crate::model::Safety;

/// How deep containers may stand in each other.
const DEEPEST: u8 = 6;

/// Format, safety and reasons of a file; `None` when it is no model.
pub(super) fn file(name: &str, bytes: &[u8]) -> Option<(String, Safety, Vec<String>)> {
    let mut verdict = Verdict::default();
    part(name, bytes, 0, &mut verdict);
    let mut rounds = 0;
    while let Some(inner) = verdict.take_nested() {
        rounds += 1;
        if rounds > 200 {
            verdict.unread("pickles are nested in pickles without end".to_owned());
            break;
        }
        part("", &inner, 1, &mut verdict);
    }
    if !verdict.is_known() && verdict.safety() != Safety::Dangerous {
        return misnamed(name, bytes);
    }
    Some(verdict.finish())
}

/// A file that is named as only models are, and is none by its content.
fn misnamed(name: &str, bytes: &[u8]) -> Option<(String, Safety, Vec<String>)> {
    let unread = |format: &str, why: &str| (format.to_owned(), Safety::Unread, vec![why.to_owned()]);
    let name = name.to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return (super::is_sure(&name) || ending == "mar")
            .then(|| unread("unknown", "it is a pointer of Git LFS to content elsewhere"));
    }
    // What macOS keeps beside a file: AppleDouble (RFC 1740).
    if name.starts_with("._") && bytes.starts_with(b"\0\x05\x16\x07") {
        return None;
    }
    // A text may be a file of site packages (.pth), a language's or a page (.pt), a protocol (.ckpt), assembler of the
    // VAX (.mar), or written in Apple's Pkl; but not what a server answers in place of a file.
    let is_text = !is_binary(bytes);
    let is_answer = matches!(bytes.trim_ascii_start().first(), Some(b'<' | b'{' | b'['));
    let is_sure = match ending {
        "pkl" => !is_text || is_answer || !bytes.iter().any(|b| b"={/@".contains(b)) && !bytes.starts_with(b"amends"),
        "pth" => !is_text || !is_of_site(bytes),
        "ckpt" => !is_text || is_answer || tells_of_model(&name),
        "pt" => has_controls(bytes) || tells_of_model(&name),
        "7z" => !bytes.is_empty() && b"7z\xbc\xaf\x27\x1c".starts_with(bytes),
        "zip" => !bytes.is_empty() && b"PK\x03\x04".starts_with(bytes),
        "mar" => is_answer || !is_text && !bytes.starts_with(b"MAR1"),
        ending => {
            super::is_sure(&name)
                || super::is_packed(ending) && super::is_packed_model(&name) && !name.contains(".tar.")
        }
    };
    let format = match ending {
        "bin" | "ckpt" | "pickle" | "pkl" | "pt" | "pth" => "pickle",
        ending if super::is_packed(ending) => "pickle",
        "npy" | "npz" => "numpy",
        "h5" => "hdf5",
        "mar" => "torchserve",
        "nemo" => "tar",
        ending => ending,
    };
    // What has no reader here has another magic number; that of Zstandard is told.
    let why = if bytes.starts_with(b"\x28\xb5\x2f\xfd") {
        "it is compressed by Zstandard, which is not read"
    } else {
        "its content is not what its name says"
    };
    is_sure.then(|| unread(format, why))
}

/// Whether a text is one that Python's `site` reads at its start: paths, imports and remarks, one to a line.
fn is_of_site(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).lines().map(str::trim).all(|line| {
        let is_path = line.contains(['/', '\\']) || !line.contains(char::is_whitespace);
        line.is_empty()
            || line.starts_with('#')
            || line.starts_with("import ")
            || line.starts_with("import\t")
            || is_path
    })
}

/// Whether a name tells that it is that of a model: `my_model.pt`, `weights.ckpt`.
fn tells_of_model(name: &str) -> bool {
    ["model", "weights", "checkpoint"].iter().any(|word| name.contains(word))
}

/// Whether a name is that of a file which loaders unpickle.
fn is_pickle_name(name: &str) -> bool {
    const ENDINGS: &[&str] = &["ckpt", "dill", "joblib", "p", "pckl", "pickle", "pk", "pkl", "pt", "pth"];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    super::is_pickled_binary(name) || ENDINGS.iter().any(|e| ending.eq_ignore_ascii_case(e))
}

/// Looks at the file, or at one part of it.
fn part(name: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    if depth > DEEPEST {
        verdict.unread(format!("containers are nested deeper than {DEEPEST}"));
        return;
    }
    let base = name.rsplit('/').next().unwrap_or_default().to_lowercase();
    if let Some(container) = sniff_container(bytes) {
        contents(container, &base, bytes, depth, verdict);
    } else if bytes.starts_with(numpy::MAGIC) {
        verdict.format("numpy");
        numpy::judge(bytes, verdict);
    } else if bytes.starts_with(b"GGUF") {
        verdict.format("gguf");
        gguf::judge(bytes, verdict);
    } else if let Some(start) = keras::hdf5_start(bytes)
        && (start == 0 || base.rsplit('.').next().is_some_and(|e| matches!(e, "h5" | "hdf5" | "keras")))
    {
        let bytes = &bytes[start..];
        verdict.format(if keras::is_keras(bytes) { "keras" } else { "hdf5" });
        keras::hdf5(bytes, verdict);
    } else if base.ends_with(".safetensors") {
        verdict.format("safetensors");
        safetensors::judge(bytes, verdict);
    } else if base.ends_with(".onnx") {
        verdict.format("onnx");
        onnx::judge(bytes, verdict);
    } else if matches!(base.as_str(), "saved_model.pb" | "keras_metadata.pb") {
        verdict.format("tensorflow");
        keras::saved_model(bytes, verdict);
    } else if base.ends_with(".pb") {
        let mut found = verdict.inner();
        keras::saved_model(bytes, &mut found);
        verdict.budget = std::mem::take(&mut found.budget);
        if found.safety() == Safety::Dangerous {
            verdict.format("tensorflow");
            verdict.absorb(found);
        }
    } else if base == "config.json" {
        json::config(bytes, verdict);
    } else if matches!(base.as_str(), "tokenizer_config.json" | "chat_template.json" | "processor_config.json") {
        json::tokenizer(bytes, verdict);
    } else if base == "chat_template.jinja" {
        json::template(&String::from_utf8_lossy(bytes), verdict);
    } else if pickle::starts(bytes) || pickle::is_marked_wrong(bytes) || is_pickle_name(&base) {
        pickled(&base, bytes, depth, verdict);
    } else if let Some(codec) = sniff_codec(bytes) {
        unpacked(codec, &base, bytes, depth, verdict);
    }
}

/// A pickle, a compressed one, or, where neither name nor first bytes are sure, something else.
fn pickled(name: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    if !pickle::starts(bytes)
        && let Some(codec) = sniff_codec(bytes)
    {
        unpacked(codec, name, bytes, depth, verdict);
        if verdict.is_known() {
            return;
        }
    }
    // Some readers find a zip file by its end, whatever stands in front of it.
    if is_pickle_name(name) && ends_as_zip(bytes) {
        contents(Container::Zip, name, bytes, depth, verdict);
    }
    let mut found = verdict.inner();
    pickle::judge(bytes, &mut found);
    verdict.budget = std::mem::take(&mut found.budget);
    // A keyboard's .pt, a page's .p and a protocol's .ckpt are no pickles: a text that breaks at once is something else.
    let is_sure = pickle::is_marked(bytes) && (is_pickle_name(name) || !pickle::is_other(bytes))
        || pickle::is_marked_wrong(bytes)
        || is_pickle_name(name) && (has_controls(bytes) || pickle::is_text(bytes));
    let is_broken = found.safety() == Safety::Unread;
    if is_broken && (!is_sure || depth > 0 && !is_pickle_name(name)) {
        return;
    }
    verdict.format("pickle");
    verdict.absorb(found);
}

/// Whether bytes are no text: control characters, or no UTF-8.
fn is_binary(bytes: &[u8]) -> bool {
    has_controls(bytes) || std::str::from_utf8(bytes).is_err()
}

/// Whether bytes begin with characters that texts have in no encoding.
fn has_controls(bytes: &[u8]) -> bool {
    bytes.iter().take(8192).any(|b| matches!(b, 0..=8 | 14..=26))
}

/// Whether the end record of a zip file stands where readers look for it.
fn ends_as_zip(bytes: &[u8]) -> bool {
    memchr::memmem::rfind(&bytes[bytes.len().saturating_sub(66_000)..], b"PK\x05\x06").is_some()
}

/// A compressed stream; what does not unpack at all is none.
fn unpacked(codec: Codec, base: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    // `model.pkl.gz` holds `model.pkl`; joblib's own files are compressed under their names.
    let inside =
        base.rsplit_once('.').filter(|(_, ending)| super::is_packed(ending)).map_or("", |(inside, _)| inside);
    let (inner, why) = match decompress(codec, bytes, &mut verdict.budget) {
        Ok(inner) => (inner, None),
        Err((inner, why)) => (inner, Some(why)),
    };
    if !inner.is_empty() {
        part(inside, &inner, depth + 1, verdict);
    }
    let Some(why) = why else { return };
    let is_tar = base.ends_with(".tgz") || base.contains(".tar.");
    let is_model = super::is_packed_model(base) || is_pickle_name(base) && is_binary(bytes);
    if !verdict.is_known() && (is_tar || is_model) {
        verdict.format(if is_tar { "tar" } else { "pickle" });
    }
    if verdict.is_known() {
        verdict.unread(format!("a compressed stream is not whole: {why}"));
    }
}

/// The members of a container.
fn contents(container: Container, base: &str, bytes: &[u8], depth: u8, verdict: &mut Verdict) {
    let (found, wrong) = members(container, bytes, &mut verdict.budget);
    let has = |wanted: fn(&str) -> bool| found.iter().any(|m| wanted(&m.name));
    let format = if has(|n| n.ends_with("data.pkl") || n.ends_with("constants.pkl")) {
        "torch"
    } else if has(|n| n == "model.weights.h5") || base.ends_with(".keras") {
        "keras"
    } else if base.ends_with(".mar") || has(|n| n == "MAR-INF/MANIFEST.json") {
        "torchserve"
    } else if base.ends_with(".skops") {
        "skops"
    } else if !found.is_empty() && found.iter().all(|m| m.name.ends_with(".npy")) {
        "numpy"
    } else {
        match container {
            Container::Zip => "zip",
            Container::Tar => "tar",
            Container::SevenZip => "7z",
        }
    };
    // A plain archive counts as a model when there is one in it.
    let is_plain = matches!(format, "zip" | "tar" | "7z");
    let is_named =
        is_pickle_name(base) || matches!(base.rsplit_once('.'), Some((_, "npz" | "bin" | "nemo" | "model")));
    let mut inner = verdict.inner();
    // PyTorch's archives, its packages, and the tar files of its first years.
    inner.persistent |=
        format == "torch" || has(|n| n.contains(".data/")) || has(|n| n == "pickle") && has(|n| n == "storages");
    for Member { name, content, doubt } in &found {
        let is_weight = matches!(format, "torch") && name.contains("/data/");
        match content {
            Ok(content) => {
                if format == "keras" && name == "config.json" || format == "skops" && name == "schema.json" {
                    inner.format(format);
                    json::classes(content, &mut inner);
                } else if !is_weight || pickle::starts(content) {
                    member(name, content, depth, &mut inner);
                }
                if let Some(doubt) = doubt.as_ref().filter(|_| !is_plain || is_pickle_name(name) || inner.is_known())
                {
                    inner.unread(format!("{name}: {doubt}"));
                }
            }
            Err(why) if super::is_sure(&name.to_lowercase()) || is_pickle_name(name) || !is_plain => {
                inner.format("member");
                inner.unread(format!("{name}: {why}"));
            }
            Err(_) => {}
        }
    }
    let mut parts = Parts::new();
    for Member { name, content, .. } in &found {
        if parts.insert(name, content.as_deref().unwrap_or_default()).is_some() && (inner.is_known() || !is_plain) {
            inner.unread(format!("{name} stands twice in it"));
        }
    }
    parts::missing(format, base, &parts, &mut inner);
    verdict.budget = std::mem::take(&mut inner.budget);
    // What was cut off may have been a model.
    let is_broken = wrong.as_ref().is_some_and(|flaw| flaw.loses) || wrong.is_some() && found.is_empty();
    // A loader that takes the archive for a model finds none where it looks.
    if is_plain && !inner.is_known() && wrong.is_none() && is_pickle_name(base) {
        inner.unread("no model is found in it".to_owned());
    }
    let knows = inner.is_known() || !is_plain || is_named || is_broken;
    if !knows && inner.safety() != Safety::Dangerous {
        return;
    }
    verdict.format(format);
    while let Some(bytes) = inner.take_nested() {
        verdict.nested(&bytes);
    }
    for (safety, reason) in inner.reasons() {
        verdict.add(safety, reason);
    }
    if let Some(Flaw { why, .. }) = wrong {
        verdict.unread(why);
    }
}

fn member(name: &str, content: &[u8], depth: u8, verdict: &mut Verdict) {
    let mut found = verdict.inner();
    part(name, content, depth + 1, &mut found);
    while let Some(inner) = found.take_nested() {
        verdict.nested(&inner);
    }
    verdict.budget = std::mem::take(&mut found.budget);
    verdict.storages.append(&mut found.storages);
    if !found.is_known()
        && found.safety() != Safety::Dangerous
        && let Some((.., reasons)) = misnamed(name.rsplit('/').next().unwrap_or_default(), content)
    {
        found.format("member");
        reasons.into_iter().for_each(|reason| found.unread(reason));
    }
    if found.is_known() {
        verdict.format("member");
    }
    for (safety, reason) in found.reasons() {
        verdict.add(safety, format!("{name}: {reason}"));
    }
}
