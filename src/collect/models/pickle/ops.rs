//! The opcodes of pickle protocols 0 to 5, cut out of the stream with their arguments (CPython `pickletools`).

/// One opcode with what follows it.
#[derive(Debug, PartialEq)]
pub(super) enum Op<'a> {
    /// `GLOBAL`: module and name.
    Global(&'a [u8], &'a [u8]),
    /// `INST`: module and name of what is called with the values since the mark.
    Inst(&'a [u8], &'a [u8]),
    StackGlobal,
    Reduce,
    NewObj,
    NewObjEx,
    Obj,
    Build,
    /// `EXT1`, `EXT2`, `EXT4`.
    Extension,
    /// A text, decoded.
    Text(String),
    /// Bytes, as written.
    Bytes(&'a [u8]),
    Int(i64),
    /// Any other single value: `None`, booleans, floats, long integers.
    Value,
    /// `PERSID`, whose argument is in the stream.
    Persistent,
    /// `BINPERSID`, whose argument is on the stack.
    PersistentPop,
    Mark,
    Stop,
    Pop,
    PopMark,
    Dup,
    EmptyTuple,
    Tuple,
    /// `TUPLE1` to `TUPLE3`.
    TupleOf(usize),
    EmptyDict,
    Dict,
    EmptyList,
    List,
    EmptySet,
    FrozenSet,
    Append,
    Appends,
    SetItem,
    SetItems,
    AddItems,
    Put(u64),
    Get(u64),
    Memoize,
    /// `PROTO`, with the version.
    Proto(u8),
    /// `FRAME`, and whether it says that it is longer than the stream.
    Frame(bool),
    /// `NEXT_BUFFER`, which takes a buffer from outside of the stream.
    Buffer,
    /// `READONLY_BUFFER`, which protects the buffer on top.
    ReadOnly,
}

/// Cuts opcodes out of a stream.
pub(super) struct Ops<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Ops<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The next opcode.
    ///
    /// # Errors
    /// In words, when the stream ends or a byte is no opcode.
    pub(super) fn next(&mut self) -> Result<Op<'a>, String> {
        let at = self.at;
        let code = *self.bytes.get(at).ok_or("it ends without a STOP")?;
        self.at += 1;
        Ok(match code {
            b'c' => Op::Global(self.line()?, self.line()?),
            b'i' => Op::Inst(self.line()?, self.line()?),
            0x93 => Op::StackGlobal,
            b'R' => Op::Reduce,
            0x81 => Op::NewObj,
            0x92 => Op::NewObjEx,
            b'o' => Op::Obj,
            b'b' => Op::Build,
            0x82 => self.skip(1, Op::Extension)?,
            0x83 => self.skip(2, Op::Extension)?,
            0x84 => self.skip(4, Op::Extension)?,
            b'S' => Op::Text(quoted(self.line()?)?),
            b'V' => Op::Text(raw_unicode(self.line()?)?),
            // Strings of Python 2, in any encoding.
            b'U' => Op::Text(String::from_utf8_lossy(self.sized(1)?).into_owned()),
            b'T' => Op::Text(String::from_utf8_lossy(self.sized(4)?).into_owned()),
            0x8c => utf8(self.sized(1)?)?,
            b'X' => utf8(self.sized(4)?)?,
            0x8d => utf8(self.sized(8)?)?,
            b'C' => Op::Bytes(self.sized(1)?),
            b'B' => Op::Bytes(self.sized(4)?),
            0x8e | 0x96 => Op::Bytes(self.sized(8)?),
            b'I' => {
                let line = self.line()?;
                match line {
                    b"00" | b"01" => Op::Value,
                    digits => int(digits)?,
                }
            }
            b'L' => {
                let line = self.line()?;
                int(line.strip_suffix(b"L").unwrap_or(line))?
            }
            b'F' => float(self.line()?)?,
            b'G' => self.skip(8, Op::Value)?,
            b'J' => {
                let four = self.take(4)?;
                Op::Int(i32::from_le_bytes([four[0], four[1], four[2], four[3]]).into())
            }
            b'K' => Op::Int(self.number(1)? as i64),
            b'M' => Op::Int(self.number(2)? as i64),
            0x8a => long(self.sized(1)?),
            0x8b => long(self.sized(4)?),
            b'N' | 0x88 | 0x89 => Op::Value,
            0x97 => Op::Buffer,
            0x98 => Op::ReadOnly,
            b'P' => {
                self.line()?;
                Op::Persistent
            }
            b'Q' => Op::PersistentPop,
            b'(' => Op::Mark,
            b'.' => Op::Stop,
            b'0' => Op::Pop,
            b'1' => Op::PopMark,
            b'2' => Op::Dup,
            b')' => Op::EmptyTuple,
            b't' => Op::Tuple,
            0x85 => Op::TupleOf(1),
            0x86 => Op::TupleOf(2),
            0x87 => Op::TupleOf(3),
            b'}' => Op::EmptyDict,
            b'd' => Op::Dict,
            b']' => Op::EmptyList,
            b'l' => Op::List,
            0x8f => Op::EmptySet,
            0x91 => Op::FrozenSet,
            b'a' => Op::Append,
            b'e' => Op::Appends,
            b's' => Op::SetItem,
            b'u' => Op::SetItems,
            0x90 => Op::AddItems,
            b'p' => Op::Put(self.decimal()?),
            b'q' => Op::Put(self.number(1)?),
            b'r' => Op::Put(self.number(4)?),
            b'g' => Op::Get(self.decimal()?),
            b'h' => Op::Get(self.number(1)?),
            b'j' => Op::Get(self.number(4)?),
            0x94 => Op::Memoize,
            0x80 => Op::Proto(self.number(1)? as u8),
            0x95 => {
                let length = self.number(8)?;
                Op::Frame(length > (self.bytes.len() - self.at) as u64)
            }
            other => return Err(format!("byte {at} is {other:#04x}, which is no opcode")),
        })
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or("it ends inside an argument")?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn skip(&mut self, count: usize, op: Op<'a>) -> Result<Op<'a>, String> {
        self.take(count).map(|_| op)
    }

    /// A little-endian number of so many bytes.
    fn number(&mut self, bytes: usize) -> Result<u64, String> {
        Ok(self.take(bytes)?.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
    }

    /// What follows a length of so many bytes.
    fn sized(&mut self, bytes: usize) -> Result<&'a [u8], String> {
        let length = self.number(bytes)?;
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// Up to the end of the line, which is left out.
    fn line(&mut self) -> Result<&'a [u8], String> {
        let rest = &self.bytes[self.at..];
        let end = memchr::memchr(b'\n', rest).ok_or("it ends inside a line")?;
        self.at += end + 1;
        Ok(&rest[..end])
    }

    fn decimal(&mut self) -> Result<u64, String> {
        let line = self.line()?;
        std::str::from_utf8(line)
            .ok()
            .and_then(|t| t.trim().parse().ok())
            .ok_or_else(|| "a memo key is no number".into())
    }
}

/// A text in UTF-8, where halves of surrogate pairs may stand alone.
fn utf8(bytes: &[u8]) -> Result<Op<'_>, String> {
    let is_surrogate = |bytes: &[u8]| matches!(bytes, [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..]);
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        rest = &rest[error.valid_up_to()..];
        if !is_surrogate(rest) {
            return Err("a text in it is no UTF-8".to_owned());
        }
        rest = &rest[3..];
    }
    Ok(Op::Text(String::from_utf8_lossy(bytes).into_owned()))
}

/// An integer as Python's `int` reads it; one that does not fit is any value.
fn int<'a>(digits: &[u8]) -> Result<Op<'a>, String> {
    let text = std::str::from_utf8(digits).map(str::trim).unwrap_or_default();
    if let Ok(number) = text.parse() {
        return Ok(Op::Int(number));
    }
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let with_base = ["0x", "0o", "0b", "0X", "0O", "0B"].iter().find_map(|base| bare.strip_prefix(base));
    let is_digit = |b: u8| b == b'_' || if with_base.is_some() { b.is_ascii_hexdigit() } else { b.is_ascii_digit() };
    let digits = with_base.unwrap_or(bare);
    let is_number = !digits.is_empty() && digits.bytes().all(is_digit);
    if is_number { Ok(Op::Value) } else { Err("an integer in it is no number".to_owned()) }
}

/// A float as Python's `float` reads it.
fn float<'a>(line: &[u8]) -> Result<Op<'a>, String> {
    let text = std::str::from_utf8(line).map(|t| t.trim().replace('_', "")).unwrap_or_default();
    text.parse::<f64>().map(|_| Op::Value).map_err(|_| "a float in it is no number".to_owned())
}

/// A little-endian number in two's complement.
fn long<'a>(bytes: &[u8]) -> Op<'a> {
    if bytes.len() > 8 {
        return Op::Value;
    }
    let negative = bytes.last().is_some_and(|b| b & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    Op::Int(bytes.iter().rev().fold(start, |n, &b| n << 8 | i64::from(b)))
}

/// A Python literal of a string as `repr` writes it, quotes and all.
fn quoted(line: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    let inner = ['\'', '"'].iter().find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote));
    unescape(inner.ok_or("a string in it has no quotes")?, true)
}

fn raw_unicode(line: &[u8]) -> Result<String, String> {
    unescape(&String::from_utf8_lossy(line), false)
}

/// Resolves escapes: those of Python's strings of bytes when `all`, else `\u` and `\U` alone.
fn unescape(text: &str, all: bool) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        // Half of a surrogate pair is a character for Python.
        let hex = |digits: usize| {
            let value = tail.get(1..=digits).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
            let value = value.and_then(|d| u32::from_str_radix(d, 16).ok()).filter(|&value| value <= 0x10_ffff);
            let value = value.ok_or("an escape in it is cut off")?;
            Ok::<_, String>((char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), 1 + digits))
        };
        let (c, used) = match tail.bytes().next() {
            // In strings of bytes these stand for themselves; taken for escapes, they hide no name.
            Some(b'u') if all => hex(4).unwrap_or(('\\', 0)),
            Some(b'U') if all => hex(8).unwrap_or(('\\', 0)),
            Some(b'u') => hex(4)?,
            Some(b'U') => hex(8)?,
            Some(b'x') if all => hex(2)?,
            Some(b'n') if all => ('\n', 1),
            Some(b't') if all => ('\t', 1),
            Some(b'r') if all => ('\r', 1),
            Some(c @ (b'\\' | b'\'' | b'"')) if all => (c.into(), 1),
            Some(b'0'..=b'7') if all => {
                let digits = tail.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                let value = u32::from_str_radix(&tail[..digits], 8).ok().and_then(char::from_u32);
                (value.unwrap_or(char::REPLACEMENT_CHARACTER), digits)
            }
            _ => ('\\', 0),
        };
        out.push(c);
        rest = &tail[used..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_cut_out_and_decoded() {
        let mut ops =
            Ops::new(b"cos\nsystem\nS'\\x65cho \\'\\061'\nV\\u0061\nJ\xff\xff\xff\xff\x8a\x02\x00\xffp12\n.", 0);
        let expected = [
            Op::Global(b"os", b"system"),
            Op::Text("echo '1".into()),
            Op::Text("a".into()),
            Op::Int(-1),
            Op::Int(-256),
            Op::Put(12),
            Op::Stop,
        ];
        for op in expected {
            assert_eq!(ops.next(), Ok(op));
        }
        assert!(ops.next().is_err());
        assert!(Ops::new(b"X\xff\xff\xff\xffabc", 0).next().is_err());
        assert!(Ops::new(b"\xfe", 0).next().is_err());
    }
}
