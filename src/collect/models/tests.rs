use proptest::prelude::*;

use super::examine::file;
use crate::model::Safety::{self, Clean, Dangerous, Unproven, Unread};

fn safety(name: &str, bytes: &[u8]) -> Option<Safety> {
    file(name, bytes).map(|found| found.1)
}

/// Imports and calls `module.name` with one text, in the text of protocol 0.
fn call(module: &str, name: &str) -> Vec<u8> {
    format!("c{module}\n{name}\n(S'id'\ntR.").into_bytes()
}

/// A list of one number, as CPython writes it in protocol 4.
const LIST: &[u8] = b"\x80\x04\x95\x06\0\0\0\0\0\0\0]\x94K\x01a.";

#[test]
fn imports_decide_however_they_are_written() {
    assert_eq!(safety("m.pkl", LIST), Some(Clean));
    assert_eq!(safety("m.pkl", &call("collections", "OrderedDict")), Some(Clean));
    assert_eq!(safety("m.pkl", &call("acme", "Model")), Some(Unproven));
    let dangerous: &[&[u8]] = &[
        b"cos\nsystem\n(S'id'\ntR.",
        // Python 2 names, and a frame of protocol 4 with short texts.
        b"c__builtin__\neval\n(S'1'\ntR.",
        b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.",
        // Through the memo, through escapes, as INST, as OBJ.
        b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x30h\x00h\x01\x93\x8c\x02id\x85R.",
        b"\x80\x04S'\\x6f\\163'\nS'system'\n\x93(S'id'\ntR.",
        b"(S'id'\nios\nsystem\n.",
        b"(cos\nsystem\nS'id'\no.",
        // A module that another module imports, and a name that is computed.
        b"cshutil\nos.system\n(S'id'\ntR.",
        b"cbuiltins\ngetattr\n(cshutil\nos\nS'system'\ntR(S'id'\ntR.",
        b"\x80\x04cbuiltins\nstr\n(S'os'\ntR\x8c\x06system\x93\x8c\x02id\x85R.",
    ];
    for bytes in dangerous {
        assert_eq!(safety("m.pkl", bytes), Some(Dangerous), "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_dictionary_with_attributes_is_harmless_beside_downloads() {
    assert_eq!(safety("m.pkl", b"csklearn.datasets.base\nBunch\n(tR."), Some(Clean));
    assert_eq!(safety("m.pkl", b"csklearn.datasets.base\nurlretrieve\n(tR."), Some(Dangerous));
}

#[test]
fn getattr_is_judged_by_what_it_reaches() {
    let method = b"cbuiltins\ngetattr\n(ccollections\nCounter\nS'update'\ntR.";
    assert_eq!(safety("m.pkl", method), Some(Unproven));
    assert_eq!(safety("m.pkl", b"cbuiltins\ngetattr\n."), Some(Dangerous));
}

#[test]
fn bytes_for_a_loader_are_judged_however_they_are_written() {
    let loader = "ctorch.storage\n_load_from_bytes\n";
    // Protocols below 3 spell bytes as a text in Latin-1.
    let spelt = |inner: &str| format!("{loader}(c_codecs\nencode\n(V{inner}\nVlatin1\ntRtR.").into_bytes();
    assert_eq!(safety("m.pkl", &spelt("cos\\u000asystem\\u000a(S'id'\\u000atR.")), Some(Dangerous));
    assert_eq!(safety("m.pkl", &spelt("K\\u0001.")), Some(Clean));
    let computed = format!("{loader}(cacme\nbytes\n)RtR.");
    assert_eq!(safety("m.pkl", computed.as_bytes()), Some(Unread));
    // To name the class of arrays in files is harmless, to call it opens one.
    assert_eq!(safety("m.pkl", &call("numpy", "memmap")), Some(Dangerous));
    assert_eq!(safety("m.pkl", b"cnumpy\nmemmap\n."), Some(Clean));
}

#[test]
fn every_pickle_of_a_stream_counts_and_what_breaks_is_not_clean() {
    let second = [LIST, &call("os", "system")].concat();
    assert_eq!(safety("m.pkl", &second), Some(Dangerous));
    assert_eq!(safety("m.pkl", &[LIST, LIST].concat()), Some(Clean));
    assert_eq!(safety("m.pkl", &[LIST, b"and words"].concat()), Some(Unread));
    assert_eq!(safety("m.pkl", &LIST[..LIST.len() - 1]), Some(Unread));
    // A list of packages reads as an import and a mark, and is a text.
    assert_eq!(safety("requirements.txt", b"cryptography\nlocust\npyjwt\n"), None);
    // What ran before the break has run.
    assert_eq!(safety("m.pkl", b"cos\nsystem\n(S'id'\ntR\xff"), Some(Dangerous));
}

/// A tar file (POSIX.1-1988) with one member, and its end mark.
fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 512];
    out[..name.len()].copy_from_slice(name.as_bytes());
    out[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    out[156] = b'0';
    out[257..262].copy_from_slice(b"ustar");
    let sum: u32 = out.iter().map(|&b| u32::from(b)).sum::<u32>() + 8 * 32;
    out[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    out.extend(content);
    out.resize(out.len().next_multiple_of(512) + 1024, 0);
    out
}

#[test]
fn compressed_tar_files_are_models_when_one_is_in_them() {
    use std::io::Write;
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let bad = tar("model/weights.pkl", &call("os", "system"));
    assert_eq!(safety("model.tar.gz", &gzip(&bad)), Some(Dangerous));
    assert_eq!(safety("model.tgz", &gzip(&tar("model/weights.pkl", LIST))), Some(Clean));
    assert_eq!(safety("model.tar.gz", &gzip(&bad)[..60]).unwrap_or(Unread), Unread, "what breaks off is not clean");
    assert_eq!(safety("source.tar.gz", &gzip(&tar("src/main.c", b"int main;"))), None);
    // What was cut off may have been a model.
    let whole = tar("a", b"b");
    assert_eq!(safety("whole.tar", &whole), None);
    assert_eq!(safety("broken.tar", &whole[..600]), Some(Unread));
    assert_eq!(safety("markless.tar", &whole[..1024]), None, "an end mark alone is no loss");
    assert_eq!(safety("model.tar", &bad[..bad.len() - 1024 - 490]), Some(Dangerous), "what is there is read");
    let wrong_sum = [b"x", &tar("weights.pkl", LIST)[1..]].concat();
    assert_eq!(safety("model.tar", &wrong_sum), Some(Unread));
    let model = tar("weights.pkl", LIST);
    assert_eq!(safety("model.tar", &model[..model.len() - 5]), Some(Unread), "inside the end mark");
    assert_eq!(safety("model.tar", &model[..model.len() - 512]), Some(Unread), "half of the end mark");
    assert_eq!(safety("model.zip", b"PK"), Some(Unread));
    assert_eq!(safety("model.tar", &[&tar("a.pkl", LIST)[..], b"more"].concat()), Some(Unread));
    assert_eq!(safety("model.tar", &[tar("a.pkl", LIST), bad].concat()), Some(Dangerous), "behind the end mark");
}

#[test]
fn content_decides_whatever_the_name() {
    assert_eq!(safety("notes.txt", &call("os", "system")), Some(Dangerous));
    assert_eq!(safety("notes.txt", b"class\nnotes\n\nand so on"), None);
    // A page description named .p, and a text named .pt.
    assert_eq!(safety("page.p", b"Some words about printing."), None);
    // Without a mark, an import comes soon; a mark of protocol 0 counts in front of one alone.
    assert_eq!(safety("data.bin", b"}q\0(U\x01acos\nsystem\n(U\x02idtRu."), Some(Dangerous));
    assert_eq!(safety("data.bin", b"\x80\0cos\nsystem\n(S'id'\ntR."), Some(Dangerous));
    assert_eq!(safety("data.bin", b"\x80\0\0\0\0\0"), None);
    assert_eq!(safety("pytorch_model.bin", b"(lp0\nI1\na."), Some(Clean));
}

#[test]
fn a_name_that_only_models_have_is_a_promise() {
    for (name, bytes) in [
        ("a.pkl", &b"no pickle at all"[..]),
        ("a.npy", b"\x93NUMPX\x01\0"),
        ("a.h5", b"text"),
        ("a.keras", b"text"),
        ("a.pkl.gz", b"\x1f\x8b\x08\0\0"),
        ("a.pkl.zst", b"\x28\xb5\x2f\xfd\0\0"),
        ("a.pkl", b"version https://git-lfs.github.com/spec/v1\n"),
        ("a.pt", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ] {
        assert_eq!(safety(name, bytes), Some(Unread), "{name}");
    }
    // A file of Apple's language Pkl, of site packages, of Portuguese words.
    assert_eq!(safety("app.pkl", b"name = \"x\"\n"), None);
    assert_eq!(safety("local.pth", b"# mine\nimport site\n/usr/lib/my code\nsrc\n"), None);
    assert_eq!(safety("local.pth", b"these are no paths\n"), Some(Unread));
    assert_eq!(safety("app.pkl", b"<html>no such file</html>\n"), Some(Unread));
    assert_eq!(safety("tutor.pt", b"= Bem-vindo = li\xe7\xe3o\n"), None, "a text in Latin letters of before UTF-8");
    assert_eq!(safety("model.pt", b"nothing here\n"), Some(Unread));
    assert_eq!(safety("words.pkl.bz2", b"BZh91AY&SY, said the page"), Some(Unread));
    assert_eq!(safety("words.pt", b"palavras\n"), None);
}

#[test]
fn what_loaders_refuse_is_not_clean() {
    let refused: &[&[u8]] = &[
        b"Iabc\n.",
        b"Fxyz\n.",
        b"L12x\n.",
        b"Sabc\n.",
        b"I02x\n.",
        b"\x80\x04\x8c\x02\xff\xfe.",
        b"\x80\x04K\x01K\x02K\x03s.",
        b"\x80\x04K\x01K\x02a.",
        b"\x80\x04K\x01}b.",
        b"\x80\x04(K\x01d.",
        b"\x80\x04ccollections\nOrderedDict\nK\x01R.",
        b"\x80\x05\x97.",
        b"\x80\x04\x95\x10\0\0\0\0\0\0\0K\x01.",
    ];
    for bytes in refused {
        assert_eq!(safety("m.pkl", bytes), Some(Unread), "{}", bytes.escape_ascii());
    }
    // Values of kinds that take no items, no state, or not these; keys that change; escapes that are cut off.
    let refused: &[&[u8]] = &[
        b"\x80\x04K\x01K\x02.",
        b"\x80\x04(K\x01.",
        b"\x80\x04NK\x01a.",
        b"\x80\x04}K\x01a.",
        b"\x80\x04]K\x01K\x02s.",
        b"\x80\x04](K\x01\x90.",
        b"\x80\x04N}b.",
        b"\x80\x04}]K\x01s.",
        b"\x80\x04(]\x91.",
        b"\x80\x04ccollections\nOrderedDict\n]R.",
        b"V\\u12\n.",
        b"S'\\x4'\n.",
        b"\x80\x04K\x01\x98.",
        b"\x80\x04Pid\n.",
        b"\x80\x04X\x01\0\0\0aQ.",
        b"\x80\x06K\x01.",
    ];
    for bytes in refused {
        assert_eq!(safety("m.pkl", bytes), Some(Unread), "{}", bytes.escape_ascii());
        assert_eq!(safety("pytorch_model.bin", bytes), Some(Unread), "{}", bytes.escape_ascii());
    }
    assert_eq!(safety("m.pkl", &[LIST, &[0; 8]].concat()), Some(Unread));
    assert_eq!(safety("m.pkl", &[LIST, b"\n"].concat()), Some(Clean));
    // Numbers of any size and base, halves of surrogate pairs.
    for bytes in [&b"I-0x1f\n."[..], b"L123456789012345678901234567890L\n.", b"\x80\x04\x8c\x03\xed\xa0\x80."] {
        assert_eq!(safety("m.pkl", bytes), Some(Clean), "{}", bytes.escape_ascii());
    }
    // What would run is told even where loaders would stop before.
    assert_eq!(safety("m.pkl", b"\x80\x04\x95\xff\0\0\0\0\0\0\0cos\nsystem\n(S'id'\ntR."), Some(Dangerous));
    assert_eq!(safety("m.pkl", b"\x80\x02\x82\x01)R."), Some(Dangerous));
    assert_eq!(safety("m.pkl", &[LIST, &[0; 16], &call("os", "system")].concat()), Some(Dangerous));
}

#[test]
fn a_tar_file_of_the_oldest_kind_is_told_by_its_checksum() {
    let mut bytes = tar("pickle", &call("os", "system"));
    bytes[257..262].fill(0);
    assert_eq!(safety("m.tar", &bytes), None);
    bytes[148..156].fill(b' ');
    let sum: u32 = bytes[..512].iter().map(|&b| u32::from(b)).sum();
    bytes[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    assert_eq!(safety("m.tar", &bytes), Some(Dangerous));
}

/// A PyTorch file of the first format, and how long its five pickles are: a tensor of two floats.
fn first_format() -> (Vec<u8>, usize) {
    let mut bytes = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.".to_vec();
    bytes.extend(b"\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x02NtQ.");
    bytes.extend(b"\x80\x02]X\x01\0\0\x000a.");
    let pickles = bytes.len();
    bytes.extend(2u64.to_le_bytes());
    bytes.extend([0; 8]);
    (bytes, pickles)
}

#[test]
fn pytorch_files_of_the_first_format_hold_their_tensors() {
    let (bytes, pickles) = first_format();
    assert_eq!(safety("m.pth", &bytes), Some(Clean));
    assert_eq!(safety("m.pth", &[&bytes[..], b"more"].concat()), Some(Unread));
    for end in (1..bytes.len()).rev() {
        assert_eq!(safety("m.pth", &bytes[..end]), Some(Unread), "{end} of {pickles}");
    }
    let mut longer = bytes;
    longer[pickles] = 3;
    assert_eq!(safety("m.pth", &longer), Some(Unread));
}

#[test]
fn gguf_tensors_lie_in_the_file() {
    let file = |kind: u32, offset: u64, data: usize| {
        let mut bytes = b"GGUF\x03\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend([1, 0, 0, 0, 0, 0, 0, 0, b't', 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(kind.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.resize(bytes.len().next_multiple_of(32) + data, 0);
        bytes
    };
    // Eight floats of four bytes.
    assert_eq!(safety("m.gguf", &file(0, 0, 32)), Some(Clean));
    assert_eq!(safety("m.gguf", &file(0, 0, 31)), Some(Unread));
    assert_eq!(safety("m.gguf", &file(0, 32, 32)), Some(Unread));
    assert_eq!(safety("m.gguf", &file(0, 3, 64)), Some(Unread));
    assert_eq!(safety("m.gguf", &file(999, 0, 32)), Some(Unread));
}

#[test]
fn numpy_files_hold_pickles_only_for_objects() {
    let npy = |descr: &str, data: &[u8]| {
        let mut header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}");
        header.push('\n');
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    };
    assert_eq!(safety("a.npy", &npy("'<f4'", &[0; 4])), Some(Clean));
    assert_eq!(safety("a.npy", &npy("'<f4'", &[0; 3])), Some(Unread));
    assert_eq!(safety("a.npy", &npy("'|O'", &call("os", "system"))), Some(Dangerous));
    assert_eq!(safety("a.npy", &npy("[('O', '<f4')]", &[0; 4])), Some(Clean));
    assert_eq!(safety("a.npy", &npy("[('x', '|O')]", LIST)), Some(Clean));
    // The type by its name, by an escape, and twice, of which readers take the last.
    assert_eq!(safety("a.npy", &npy("'object'", &call("os", "system"))), Some(Dangerous));
    assert_eq!(safety("a.npy", &npy("'\\x4f'", &call("os", "system"))), Some(Dangerous));
    assert_eq!(safety("a.npy", &npy("'<i8', 'descr': 'O'", &call("os", "system"))), Some(Dangerous));
    assert_eq!(safety("a.npy", &npy("'<q9'", &[0; 9])), Some(Unread));
    assert_eq!(safety("a.npy", &npy("foo()", &[0; 9])), Some(Unread));
    // More than the elements, unless it is another array.
    let one = npy("'<f4'", &[0; 4]);
    assert_eq!(safety("a.npy", &npy("'<f4'", &[0; 5])), Some(Unread));
    assert_eq!(safety("a.npy", &[&one[..], &one[..]].concat()), Some(Clean));
    // Fields: a float, three characters of four bytes, and two times two integers of two.
    let fields = "[('a', '<f8'), (('title', 'b'), '<U3'), ('c', '<i2', (2, 2)), ('d', [('e', '|b1')])]";
    assert_eq!(safety("a.npy", &npy(fields, &[0; 29])), Some(Clean));
    assert_eq!(safety("a.npy", &npy(fields, &[0; 28])), Some(Unread));
    assert_eq!(safety("a.npy", &npy(fields, &[0; 30])), Some(Unread));
    for header in ["{'descr': '<f4', 'shape': (1,)}", "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}", "{"] {
        let mut bytes = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
        bytes.extend([0; 4]);
        assert_eq!(safety("a.npy", &bytes), Some(Unread), "{header}");
    }
}

#[test]
fn safetensors_must_tile_the_file() {
    let file = |header: &str, data: usize| {
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.as_bytes());
        bytes.resize(bytes.len() + data, 0);
        bytes
    };
    let whole = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    assert_eq!(safety("a.safetensors", &file(whole, 8)), Some(Clean));
    assert_eq!(safety("a.safetensors", &file(whole, 7)), Some(Unread));
    assert_eq!(safety("a.safetensors", &file(whole, 9)), Some(Unread));
    assert_eq!(safety("a.safetensors", &file(&whole.replace("[2]", "[3]"), 8)), Some(Unread));
    assert_eq!(safety("a.safetensors", &u64::MAX.to_le_bytes()), Some(Unread));
    for (from, to) in
        [("F32", "F99"), ("\"dtype\":\"F32\",", ""), ("[2]", "[-2]"), ("{\"w", " {\"w"), ("w\"", "__metadata__\"")]
    {
        assert_eq!(safety("a.safetensors", &file(&whole.replace(from, to), 8)), Some(Unread), "{to}");
    }
    let twice = format!("{{{},{}}}", &whole[1..whole.len() - 1], &whole[1..whole.len() - 1]);
    assert_eq!(safety("a.safetensors", &file(&twice, 8)), Some(Unread));
}

#[test]
fn descriptions_name_what_loaders_import() {
    let h5 = |description: &str| {
        // HDF5 file format, II.A, version 0: widths, the end of the file, and the root group's object header.
        let mut bytes = b"\x89HDF\r\n\x1a\n".to_vec();
        bytes.resize(112, 0);
        (bytes[13], bytes[14], bytes[64], bytes[96]) = (8, 8, 96, 1);
        bytes.extend(b"model_config");
        bytes.extend(description.as_bytes());
        let end = (bytes.len() as u64).to_le_bytes();
        bytes[40..48].copy_from_slice(&end);
        bytes
    };
    let layers = |class: &str| {
        format!(r#"{{"class_name": "Sequential", "config": {{"layers": [{{"class_name": "{class}"}}]}}}}"#)
    };
    assert_eq!(safety("m.h5", &h5(&layers("Dense"))), Some(Clean));
    assert_eq!(safety("m.h5", &h5(&layers("Lambda"))), Some(Dangerous));
    assert_eq!(safety("m.h5", &h5("")[..90]), Some(Unread));
    assert_eq!(safety("m.h5", &h5(r#"{"a": 1, "class_name" : "Lambda"}"#)), Some(Dangerous));
    // HDF5 file format, IV.A.2.g: version 1, flags, type 64, a name of one byte, flags 0, file and object.
    assert_eq!(
        safety("m.h5", &h5("\x01\x08\x40\x01x\x0d\0\0../data\0/a\0\0")),
        Some(Clean),
        "lengths that do not fit"
    );
    assert_eq!(safety("m.h5", &h5("\x01\x08\x40\x01x\x0c\0\0../data\0/a\0")), Some(Unproven));
    assert_eq!(safety("config.json", br#"{"auto_map": {"AutoModel": "modeling.Model"}}"#), Some(Unproven));
    assert_eq!(safety("config.json", br#"{"port": 80}"#), None);
}

#[test]
fn an_hdf5_file_leads_to_its_root_and_ends_where_it_says() {
    let whole = |end: u64| {
        let mut bytes = b"\x89HDF\r\n\x1a\n".to_vec();
        bytes.resize(112, 0);
        (bytes[13], bytes[14], bytes[64], bytes[96]) = (8, 8, 96, 1);
        bytes[40..48].copy_from_slice(&end.to_le_bytes());
        bytes
    };
    assert_eq!(safety("m.h5", &whole(112)), Some(Clean));
    for end in [111, 113] {
        assert_eq!(safety("m.h5", &whole(end)), Some(Unread), "{end}");
    }
    // Behind a block for the user, whose bytes the end counts.
    let mut behind = whole(112 + 512);
    behind[25] = 2;
    assert_eq!(safety("m.h5", &[vec![0; 512], behind.clone()].concat()), Some(Clean));
    assert_eq!(safety("m.h5", &[vec![0; 512], behind[..111].to_vec()].concat()), Some(Unread));
    for at in [13, 14, 64, 96] {
        let mut wrong = whole(112);
        wrong[at] += 1;
        assert_eq!(safety("m.h5", &wrong), Some(Unread), "{at}");
    }
}

#[test]
fn templates_stay_in_their_sandbox() {
    let tokenizer = |template: &str| serde_json::json!({ "chat_template": template }).to_string().into_bytes();
    let usual = "{% for m in messages %}{{ '<|' + m['role'] + '|>' + m.content }}{% endfor %}";
    assert_eq!(safety("tokenizer_config.json", &tokenizer(usual)), None);
    for template in [
        "{{ ''.__class__ }}",
        "{{ lipsum['__glob' + 'als__'] }}",
        "{{ ''['__cla' ~ 'ss__'] }}",
        "{{ joiner['\\x5f\\x5finit\\x5f\\x5f'] }}",
        "{{ x | attr('a') }}",
        "{{ range.__self__ }}",
        "{% set u = '_' %}{{ m[u ~ u ~ 'class' ~ u ~ u] }}",
        "{{ m | map(attribute='__class__') }}",
    ] {
        assert_eq!(safety("tokenizer_config.json", &tokenizer(template)), Some(Dangerous), "{template}");
    }
}

#[test]
fn onnx_tensors_stay_in_their_folder() {
    let external = |path: &str| {
        let field = |key: u8, value: &[u8]| [&[key << 3 | 2, value.len() as u8], value].concat();
        let entry = [field(1, b"location"), field(2, path.as_bytes())].concat();
        // ModelProto.graph, GraphProto.initializer, TensorProto.external_data.
        let graph = field(7, &field(5, &field(13, &entry)));
        // ModelProto.opset_import, OperatorSetIdProto.version.
        [graph, field(8, &[0x10, 17])].concat()
    };
    assert_eq!(safety("m.onnx", &external("weights.bin")), Some(Clean));
    assert_eq!(safety("m.onnx", &external("../../etc/passwd")), Some(Dangerous));
    assert_eq!(safety("m.onnx", b"\x12\x7fabc"), Some(Unread));
}

proptest! {
    #[test]
    fn any_bytes_are_judged(
        name in proptest::sample::select(vec!["a.pkl", "a.pt", "a.npy", "a.h5", "a.gguf", "a.onnx", "a.safetensors", "a.zip", "a.joblib"]),
        head in proptest::sample::select(vec![&b""[..], b"\x80\x04", b"\x93NUMPY\x01\0", b"GGUF\x03\0\0\0", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"cos\nsystem\n", b"]\x94(", b"7z\xbc\xaf\x27\x1c"]),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        file(name, &[head, &body].concat());
    }

    #[test]
    fn any_run_of_opcodes_is_followed(codes in proptest::collection::vec(proptest::sample::select(b"()]}.012NtRabeqh\x00\x01\x85\x86\x93\x94\x81dlsu\x90\x91\x8fK\x88".to_vec()), 0..300)) {
        file("a.pkl", &[b"\x80\x04", codes.as_slice()].concat());
    }
}

#[test]
fn deep_nesting_needs_no_stack() {
    let mut bytes = b"\x80\x04)".to_vec();
    bytes.resize(2_000_000, 0x85);
    bytes.push(b'.');
    assert_eq!(safety("a.pkl", &bytes), Some(Clean));
}
