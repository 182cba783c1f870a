//! Compiles the license texts under `policies/facts/spdx` into one blob that the program embeds and searches without
//! parsing (see `src/collect/license/index.rs` for its reader), and the names of licenses into a table.
//!
//! The texts are the `standardLicenseTemplate`, `licenseExceptionTemplate` and `standardLicenseHeaderTemplate` of the
//! SPDX License List 3.29.0, a file to an identifier. Deprecated identifiers are left out, and where several
//! identifiers share one text (GNU `-only` and `-or-later`, `OFL-1.1` and `OFL-1.1-RFN`) the first of them stands for all.

#[path = "../collect/license/layout.rs"]
mod layout;
mod lexicon;
mod secrets;
mod template;
#[path = "../collect/license/words.rs"]
mod words;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use layout::{Kind, OPTIONAL, ROOM, SECTIONS, WORD_MASK};
use template::Step;

/// How many words `...` in a rider stands for at most.
const RIDER_ROOM: u16 = 10;

/// One text, ready to be written.
struct Text {
    name: String,
    kind: Kind,
    steps: Vec<u16>,
    /// How many steps stand before the end of each clause.
    ends: Vec<u16>,
}

/// Numbers for words. Number 0 stands for every word that no text has.
#[derive(Default)]
struct Vocabulary {
    numbers: HashMap<String, u16>,
    words: Vec<String>,
    /// Other spellings, each with the spelling that it counts as.
    same: HashMap<String, String>,
}

impl Vocabulary {
    fn number(&mut self, word: &str) -> Result<u16, String> {
        let word = self.same.get(word).map_or(word, String::as_str);
        if let Some(&number) = self.numbers.get(word) {
            return Ok(number);
        }
        let number = self.words.len() as u16 + 1;
        if number >= WORD_MASK {
            return Err("the license texts have more distinct words than the layout has room for".into());
        }
        self.numbers.insert(word.to_owned(), number);
        self.words.push(word.to_owned());
        Ok(number)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let facts = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("policies/facts");
    watch(&[
        "policies/facts/spdx",
        "policies/facts/spellings.txt",
        "policies/facts/riders.txt",
        "policies/facts/license-lexicon.txt",
        "policies/facts/secrets",
        "src/build",
        "src/collect/license/words.rs",
        "src/collect/license/layout.rs",
    ]);

    let mut vocabulary = Vocabulary::default();
    for line in data_lines(&fs::read_to_string(facts.join("spellings.txt"))?) {
        let mut group = Vec::new();
        words::words(&line, false, |word, _| group.push(word.to_owned()));
        for other in &group[1..] {
            if *other != group[0] {
                vocabulary.same.insert(other.clone(), group[0].clone());
            }
        }
    }
    let mut texts = Vec::new();
    for (folder, kind) in [("text", Kind::License), ("exception", Kind::Exception), ("header", Kind::Header)] {
        for (name, path) in files(&facts.join("spdx").join(folder))? {
            let steps = template::steps(&fs::read_to_string(&path)?)
                .map_err(|problem| format!("{}: {problem}", path.display()))?;
            let (steps, ends) = encode(&steps, &mut vocabulary, kind)?;
            texts.push(Text { name, kind, steps, ends });
        }
    }
    for line in data_lines(&fs::read_to_string(facts.join("riders.txt"))?) {
        let (name, phrase) = line.split_once(": ").ok_or("a rider without a name")?;
        let mut steps = Vec::new();
        for (n, part) in phrase.split("...").enumerate() {
            if n > 0 {
                steps.push(Step::Gap(RIDER_ROOM));
            }
            words::words(part, false, |word, _| steps.push(Step::Word(word.to_owned(), false)));
        }
        let (steps, ends) = encode(&steps, &mut vocabulary, Kind::Rider)?;
        texts.push(Text { name: name.to_owned(), kind: Kind::Rider, steps, ends });
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("texts.bin");
    fs::write(out, blob(&texts, &vocabulary))?;
    let names = lexicon::compile(&fs::read_to_string(facts.join("license-lexicon.txt"))?)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("lexicon.rs"), names)?;
    let kinds = PathBuf::from(env::var("OUT_DIR")?).join("secrets.rs");
    fs::write(kinds, secrets::tables(&facts.join("secrets"))?)?;
    Ok(())
}

/// Tells cargo what this script reads.
#[allow(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
fn watch(paths: &[&str]) {
    for path in paths {
        println!("cargo::rerun-if-changed={path}");
    }
}

fn data_lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect()
}

/// The text files of a folder by name without extension, sorted.
fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>, Box<dyn Error>> {
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|s| s.to_str()).ok_or("a file name that is not Unicode")?;
        out.insert(stem.to_owned(), path.clone());
    }
    Ok(out)
}

/// The steps of a text as numbers, and where its clauses end.
fn encode(steps: &[Step], vocabulary: &mut Vocabulary, kind: Kind) -> Result<(Vec<u16>, Vec<u16>), String> {
    let mut out: Vec<u16> = Vec::with_capacity(steps.len());
    let mut ends: Vec<u16> = Vec::new();
    for step in steps {
        match step {
            Step::Word(word, optional) => {
                // What looks like a bullet when it starts a line does not count in a text; in a notice it is a version.
                let bullet = word.len() <= 2 && (word.len() == 1 || word.bytes().all(|b| b.is_ascii_digit()));
                let optional = *optional || (bullet && matches!(kind, Kind::License | Kind::Exception));
                out.push(vocabulary.number(word)? | if optional { OPTIONAL } else { 0 });
            }
            Step::Gap(most) => match out.last_mut() {
                // Adjacent variables are one.
                Some(last) if *last & ROOM != 0 => *last = ROOM | ((*last & WORD_MASK) + most).min(WORD_MASK),
                _ => out.push(ROOM | most),
            },
            Step::End => ends.push(out.len() as u16),
        }
    }
    ends.push(out.len() as u16);
    ends.dedup();
    Ok((out, ends))
}

/// Lays out the sections of [`layout`], each preceded in the head by its offset and length in bytes.
fn blob(texts: &[Text], vocabulary: &Vocabulary) -> Vec<u8> {
    let mut names = Vec::new();
    let mut steps: Vec<u16> = Vec::new();
    let mut ends: Vec<u16> = Vec::new();
    let mut table: Vec<u32> = Vec::new();
    for text in texts {
        let mut runs: Vec<u32> = Vec::new();
        layout::for_grams(text.steps.iter().copied(), |hash, _| runs.push(hash));
        runs.sort_unstable();
        runs.dedup();
        let required = text.steps.iter().filter(|s| **s & (OPTIONAL | ROOM) == 0).count();
        let row: [u32; layout::TEXT] = [
            text.kind as u32,
            names.len() as u32,
            text.name.len() as u32,
            steps.len() as u32,
            text.steps.len() as u32,
            required as u32,
            runs.len() as u32,
            ends.len() as u32,
            text.ends.len() as u32,
        ];
        table.extend(row);
        ends.extend(&text.ends);
        names.extend_from_slice(text.name.as_bytes());
        steps.extend(&text.steps);
    }

    let mut word_ends: Vec<u32> = Vec::new();
    let mut word_bytes = Vec::new();
    for word in &vocabulary.words {
        word_bytes.extend_from_slice(word.as_bytes());
        word_ends.push(word_bytes.len() as u32);
    }
    // Other spellings are entries of the word table too: their letters, and the number of the word they count as.
    let mut entries: Vec<(String, u16)> =
        vocabulary.words.iter().zip(1u16..).map(|(word, number)| (word.clone(), number)).collect();
    entries.extend(vocabulary.same.iter().filter_map(|(o, w)| Some((o.clone(), *vocabulary.numbers.get(w)?))));
    entries.sort();
    entries.dedup_by(|again, first| again.0 == first.0);
    let slots = word_table(&entries);
    let (bucket_starts, gram_tails, gram_sets, sets) = grams(texts);

    let sections: [Vec<u8>; SECTIONS] = [
        bytes32(&table),
        names,
        bytes16(&steps),
        bytes32(&word_ends),
        word_bytes,
        slots,
        bytes32(&bucket_starts),
        bytes16(&gram_tails),
        bytes32(&gram_sets),
        bytes16(&sets),
        bytes16(&ends),
    ];
    let mut head: Vec<u32> = Vec::new();
    let mut offset = SECTIONS * 8;
    for section in &sections {
        head.extend([offset as u32, section.len() as u32]);
        offset += section.len().next_multiple_of(4);
    }
    let mut out = bytes32(&head);
    for section in sections {
        out.extend(section);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// An open-addressing table of the words by their hashes: per slot the hash and the number of the word.
///
/// # Panics
/// When two words share a hash, so that it no longer tells them apart.
fn word_table(entries: &[(String, u16)]) -> Vec<u8> {
    let mut slots = vec![0u64; layout::SLOTS];
    for (word, number) in entries {
        let hash = layout::hash_word(word.as_bytes());
        let mut at = hash as usize % layout::SLOTS;
        while slots[at] != 0 {
            assert!(slots[at] as u32 != hash, "`{word}` has the hash of another word");
            at = (at + 1) % layout::SLOTS;
        }
        slots[at] = u64::from(hash) | u64::from(*number) << 32;
    }
    let slots: Vec<[u8; layout::SLOT]> = slots.iter().map(|slot| slot.to_le_bytes()).collect();
    slots.concat()
}

/// The index of word runs: bucket starts by the high half of the hash, then per run the low half and where its set
/// of texts starts; a set is its length and the text numbers.
fn grams(texts: &[Text]) -> (Vec<u32>, Vec<u16>, Vec<u32>, Vec<u16>) {
    let mut pairs: Vec<(u32, u16)> = Vec::new();
    for (number, text) in texts.iter().enumerate().filter(|(_, t)| t.kind != Kind::Rider) {
        layout::for_grams(text.steps.iter().copied(), |hash, _| pairs.push((hash, number as u16)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut sets: Vec<u16> = Vec::new();
    let mut known: HashMap<Vec<u16>, u32> = HashMap::new();
    let (mut starts, mut tails, mut of) = (vec![0u32; layout::BUCKETS + 1], Vec::new(), Vec::new());
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        let set: Vec<u16> = run.iter().map(|p| p.1).collect();
        let at = *known.entry(set.clone()).or_insert_with(|| {
            let at = sets.len() as u32;
            sets.push(set.len() as u16);
            sets.extend(&set);
            at
        });
        starts[(run[0].0 >> 16) as usize + 1] += 1;
        tails.push(run[0].0 as u16);
        of.push(at);
    }
    for bucket in 0..layout::BUCKETS {
        starts[bucket + 1] += starts[bucket];
    }
    (starts, tails, of, sets)
}

fn bytes16(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn bytes32(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
