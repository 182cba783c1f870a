//! The compiled license texts, as the build script laid them out (see `layout`): searched in place, nothing is
//! parsed and nothing is allocated at start.

use super::layout::{BUCKETS, Kind, OPTIONAL, ROOM, SECTIONS, SLOT, SLOTS, TEXT, WORD_MASK, hash_word};

static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/texts.bin"));

/// The number that stands for every word that no license text has.
pub(super) const UNKNOWN: u16 = 0;

/// A view of the compiled texts; making one reads 96 bytes.
#[derive(Clone, Copy)]
pub(super) struct Index {
    sections: [&'static [u8]; SECTIONS],
}

/// One license text, exception, notice or rider.
#[derive(Clone, Copy)]
pub(super) struct Text {
    /// Its number in the index.
    pub(super) number: u16,
    /// What it is.
    pub(super) kind: Kind,
    /// How many words it must have.
    pub(super) required: u32,
    /// How many different runs of words it has.
    pub(super) runs: u32,
    name: &'static [u8],
    steps: &'static [u8],
    ends: &'static [u8],
}

/// How much a text is, for a first look at many of them.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// What it is.
    pub(super) kind: Kind,
    /// How many steps it has.
    pub(super) steps: u32,
    /// How many words it must have.
    pub(super) required: u32,
    /// How many different runs of words it has.
    pub(super) runs: u32,
}

/// One step of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step(u16);

impl Step {
    /// How many words of any kind there is room for, when the step is room.
    pub(super) fn room(self) -> Option<u16> {
        (self.0 & ROOM != 0).then_some(self.0 & WORD_MASK)
    }

    /// The step as stored.
    pub(super) fn raw(self) -> u16 {
        self.0
    }

    /// The word, when it is one.
    pub(super) fn word(self) -> Option<u16> {
        (self.0 & ROOM == 0).then_some(self.0 & WORD_MASK)
    }

    /// Whether it is a word that must be there.
    pub(super) fn required(self) -> bool {
        self.0 & (ROOM | OPTIONAL) == 0
    }
}

impl Text {
    /// SPDX identifier, or what a rider restricts.
    pub(super) fn name(&self) -> &'static str {
        std::str::from_utf8(self.name).unwrap_or_default()
    }

    /// Its steps.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step> + use<> {
        self.steps.as_chunks::<2>().0.iter().map(|b| Step(u16::from_le_bytes(*b)))
    }

    /// Where its clauses end, counted in steps, ascending.
    pub(super) fn clause_ends(&self) -> impl Iterator<Item = usize> + use<> {
        self.ends.as_chunks::<2>().0.iter().map(|b| usize::from(u16::from_le_bytes(*b)))
    }

    /// How many steps it has.
    pub(super) fn len(&self) -> usize {
        self.steps.len() / 2
    }
}

impl Index {
    /// The index.
    pub(super) fn get() -> Self {
        let mut sections: [&[u8]; SECTIONS] = [&[]; SECTIONS];
        for (n, section) in sections.iter_mut().enumerate() {
            let (offset, length) = (u32_at(BLOB, n * 2) as usize, u32_at(BLOB, n * 2 + 1) as usize);
            *section = &BLOB[offset..offset + length];
        }
        Self { sections }
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.sections[0].len() / 4 / TEXT
    }

    /// The text with this number.
    pub(super) fn text(&self, number: u16) -> Text {
        let row = self.row(number);
        let field = |n: usize| u32_at(row, n) as usize;
        let Size { kind, required, runs, .. } = self.size(number);
        let name = &self.sections[1][field(1)..field(1) + field(2)];
        let steps = &self.sections[2][field(3) * 2..(field(3) + field(4)) * 2];
        let ends = &self.sections[10][field(7) * 2..(field(7) + field(8)) * 2];
        Text { number, kind, name, required, runs, steps, ends }
    }

    /// How much the text with this number is.
    pub(super) fn size(&self, number: u16) -> Size {
        let row = self.row(number);
        let kind = match u32_at(row, 0) {
            0 => Kind::License,
            1 => Kind::Exception,
            2 => Kind::Header,
            _ => Kind::Rider,
        };
        Size { kind, steps: u32_at(row, 4), required: u32_at(row, 5), runs: u32_at(row, 6) }
    }

    fn row(&self, number: u16) -> &'static [u8] {
        &self.sections[0].as_chunks::<{ 4 * TEXT }>().0[usize::from(number)]
    }

    /// The letters of a word, in the spelling of the license list.
    pub(super) fn letters(&self, word: u16) -> &'static str {
        let Some(n) = usize::from(word).checked_sub(1) else { return "" };
        let start = if n == 0 { 0 } else { u32_at(self.sections[3], n - 1) as usize };
        std::str::from_utf8(&self.sections[4][start..u32_at(self.sections[3], n) as usize]).unwrap_or_default()
    }

    /// The number of a word in lower case, other spellings included; [`UNKNOWN`] when no text has it.
    pub(super) fn number(&self, word: &str) -> u16 {
        self.number_of(hash_word(word.as_bytes()))
    }

    /// The number of the word with this [`hash_word`]; the build script makes sure that no two words of the texts share
    /// theirs.
    pub(super) fn number_of(&self, hash: u32) -> u16 {
        let slots = self.sections[5].as_chunks::<SLOT>().0;
        let mut at = hash as usize % SLOTS;
        loop {
            let slot = u64::from_le_bytes(slots[at]);
            let number = (slot >> 32) as u16;
            if number == UNKNOWN || slot as u32 == hash {
                return number;
            }
            at = (at + 1) % SLOTS;
        }
    }

    /// The number of the run of words with this hash, when a text has it.
    pub(super) fn gram(&self, hash: u32) -> Option<u32> {
        let bucket = (hash >> 16) as usize % BUCKETS;
        let (start, end) = (u32_at(self.sections[6], bucket), u32_at(self.sections[6], bucket + 1));
        (start..end).find(|&at| u16_at(self.sections[7], at as usize) == hash as u16)
    }

    /// The numbers of the texts that have a run of words, ascending.
    pub(super) fn members(&self, gram: u32) -> impl Iterator<Item = u16> + use<> {
        self.set(gram).iter().map(|b| u16::from_le_bytes(*b))
    }

    /// Whether a text has a run of words.
    pub(super) fn has(&self, gram: u32, text: u16) -> bool {
        self.set(gram).binary_search_by_key(&text, |b| u16::from_le_bytes(*b)).is_ok()
    }

    fn set(&self, gram: u32) -> &'static [[u8; 2]] {
        let start = u32_at(self.sections[8], gram as usize) as usize;
        let count = usize::from(u16_at(self.sections[9], start));
        self.sections[9][(start + 1) * 2..(start + 1 + count) * 2].as_chunks::<2>().0
    }
}

fn u32_at(bytes: &[u8], n: usize) -> u32 {
    // One test of the bounds instead of four: the tables are read for every word.
    u32::from_le_bytes(bytes.as_chunks::<4>().0[n])
}

fn u16_at(bytes: &[u8], n: usize) -> u16 {
    u16::from_le_bytes(bytes.as_chunks::<2>().0[n])
}
