//! Programs and libraries in machine or byte code, by magic number.

/// What a file that starts like this is; `None` for everything that is no program.
pub(super) fn sniff(head: &[u8]) -> Option<&'static str> {
    let word = |at: usize| head.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
    Some(match head {
        [0x7f, b'E', b'L', b'F', ..] => match head.get(16..18) {
            Some([1, 0] | [0, 1]) => "an ELF object file",
            Some([3, 0] | [0, 3]) => "an ELF library or executable",
            _ => "an ELF executable",
        },
        // Behind `MZ`, the offset at 0x3c leads to `PE`; texts that start with these letters have none there.
        [b'M', b'Z', ..] if is_pe(head) => "a Windows executable or library",
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => "a Mach-O executable or library",
        // Java classes and universal Mach-O files share their magic; a class has its version there, 45 or more.
        [0xca, 0xfe, 0xba, 0xbe, ..] => match word(4)? {
            0 => return None,
            1..45 => "a universal Mach-O executable or library",
            version if version & 0xffff >= 45 => "a Java class",
            _ => return None,
        },
        [b'd', b'e', b'x', b'\n', ..] => "a Dalvik executable",
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => "a WebAssembly module",
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', b'\n', b'd', b'e', b'b', b'i', b'a', b'n', ..] => {
            "a Debian package"
        }
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', b'\n', ..] => "a library of object files",
        [0xed, 0xab, 0xee, 0xdb, ..] => "an RPM package",
        [b'B', b'C', 0xc0, 0xde, ..] => "LLVM bitcode",
        [0x1b, b'L', b'u', b'a', ..] => "Lua bytecode",
        [b'C', b'r', b'2', b'4', ..] => "a browser extension",
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => "an OLE container",
        // Python writes the version, a carriage return and a line feed, then flags of which few are used.
        [_, 0x0c | 0x0d, b'\r', b'\n', flags, 0, 0, 0, ..] if *flags <= 3 => "Python bytecode",
        // Zip: what it holds is told by its name, see `of`.
        [b'P', b'K', 3, 4, ..] => "an archive",
        _ => return None,
    })
}

fn is_pe(head: &[u8]) -> bool {
    let at = head.get(0x3c..0x40).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
    at.is_some_and(|at| head.get(at..at + 4) == Some(b"PE\0\0") || at > head.len() && head.len() >= 8192)
}

/// Whether what [`sniff`] gave may hold anything, so that the name tells what it is.
pub(super) fn is_container(what: &str) -> bool {
    matches!(what, "an archive" | "an OLE container")
}

/// Whether a file is a program in a container by its name, in lower case.
pub(super) fn is_named(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    [
        "jar", "war", "ear", "aar", "apk", "aab", "ipa", "xpi", "appx", "msix", "whl", "egg", "pyz", "par", "nupkg",
        "vsix", "msi", "msp", "mst",
    ]
    .contains(&extension)
}

/// What a binary file of this name (in lower case) is; `None` when it is no program.
pub(super) fn of(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match (sniff(bytes)?, extension) {
        ("an archive", "jar" | "war" | "ear" | "aar") => Some("a Java archive"),
        ("an archive", "apk" | "aab" | "ipa" | "xpi" | "appx" | "msix") => Some("an application package"),
        ("an archive", "whl" | "egg" | "pyz" | "par") => Some("a Python package"),
        ("an archive", "nupkg" | "vsix") => Some("a package"),
        ("an archive", _) => None,
        ("an OLE container", "msi" | "msp" | "mst") => Some("a Windows installer"),
        ("an OLE container", _) => None,
        (what, _) => Some(what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_by_their_first_bytes() {
        let mut pe = vec![0u8; 0x90];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x80;
        pe[0x80..0x84].copy_from_slice(b"PE\0\0");
        assert_eq!(sniff(&pe), Some("a Windows executable or library"));
        assert_eq!(sniff(b"MZ is how this text starts"), None);
        assert_eq!(sniff(b"\xca\xfe\xba\xbe\0\0\0\x34"), Some("a Java class"));
        assert_eq!(sniff(b"\xca\xfe\xba\xbe\0\0\0\x02"), Some("a universal Mach-O executable or library"));
        assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0"), Some("an ELF library or executable"));
        for image in
            [&b"\x89PNG\r\n\x1a\n"[..], b"GIF89a", b"\xff\xd8\xff\xe0", b"wOF2", b"OTTO", b"%PDF-1.7", b"\0\x01\0\0"]
        {
            assert_eq!(sniff(image), None);
        }
    }

    #[test]
    fn archives_are_told_by_their_names() {
        assert_eq!(of("gradle-wrapper.jar", b"PK\x03\x04"), Some("a Java archive"));
        assert_eq!(of("testdata.zip", b"PK\x03\x04"), None);
        assert_eq!(of("report.docx", b"PK\x03\x04"), None);
    }
}
