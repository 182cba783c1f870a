//! Finds objects, loose and packed, and puts deltas together.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use flate2::bufread::ZlibDecoder;
use walkdir::WalkDir;

use super::locate::{Folders, small_file};
use super::object::{Hash, Id, Kind};
use super::pack::{Pack, Packed};
use super::{GitError, MOST_BYTES, delta};

/// Longest chain of deltas that is followed; git makes none longer than 4,095.
const MOST_DELTAS: usize = 4_096;
/// Bytes of unpacked objects that are kept at hand, twice.
const CACHE: usize = 32 << 20;
/// How many packs are opened.
const MOST_PACKS: usize = 2_000;

/// An object as the store gives it.
pub(super) type Object = (Kind, Arc<Vec<u8>>);

/// All objects of a repository.
#[derive(Debug)]
pub(super) struct Store {
    /// Folders of objects: its own, and those that it borrows from within the same repository folder.
    folders: Vec<PathBuf>,
    hash: Hash,
    packs: OnceLock<Vec<Pack>>,
    cache: Mutex<Cache>,
}

/// Objects by pack and offset, in two generations: what is used lives on, the rest goes.
#[derive(Debug, Default)]
struct Cache {
    young: HashMap<(usize, u64), Object>,
    old: HashMap<(usize, u64), Object>,
    bytes: usize,
}

impl Cache {
    fn get(&mut self, key: (usize, u64)) -> Option<Object> {
        if let Some(found) = self.young.get(&key) {
            return Some(found.clone());
        }
        let found = self.old.remove(&key)?;
        self.put(key, &found);
        Some(found)
    }

    fn put(&mut self, key: (usize, u64), object: &Object) {
        self.bytes += object.1.len() + 64;
        if self.bytes > CACHE {
            self.old = std::mem::take(&mut self.young);
            self.bytes = object.1.len() + 64;
        }
        self.young.insert(key, object.clone());
    }
}

impl Store {
    pub(super) fn open(folders: &Folders) -> Self {
        Self {
            folders: objects(folders),
            hash: folders.hash,
            packs: OnceLock::new(),
            cache: Mutex::new(Cache::default()),
        }
    }

    /// Kind and content of an object.
    pub(super) fn object(&self, id: &Id) -> Result<Object, GitError> {
        self.find(id, 0)
    }

    fn find(&self, id: &Id, depth: usize) -> Result<Object, GitError> {
        for (number, pack) in self.packs().iter().enumerate() {
            if let Some(offset) = pack.offset_of(id) {
                return self.packed(number, offset, depth);
            }
        }
        self.loose(id)
    }

    /// Reads an object of a pack, and the chain of deltas that it stands on.
    fn packed(&self, pack: usize, offset: u64, depth: usize) -> Result<Object, GitError> {
        let wrong = |why| GitError::malformed("a pack", why);
        let mut deltas = Vec::new();
        let mut bytes = 0;
        let mut at = offset;
        let mut base = loop {
            if let Some(known) = self.cached(|cache| cache.get((pack, at))) {
                break known;
            }
            let packed = self.packs().get(pack).ok_or_else(|| wrong("is gone"))?.read(at)?;
            let (next, delta) = match packed {
                Packed::Whole(kind, content) => {
                    let object = (kind, Arc::new(content));
                    self.cached(|cache| cache.put((pack, at), &object));
                    break object;
                }
                Packed::IdDelta(id, delta) => {
                    let here = self.packs().get(pack).and_then(|p| p.offset_of(&id));
                    match here {
                        Some(offset) => (offset, delta),
                        // A thin pack is no part of a repository at rest, so such a base is rare, and near.
                        None if depth < 4 => {
                            deltas.push((at, delta));
                            break self.find(&id, depth + 1)?;
                        }
                        None => return Err(wrong("a chain of deltas through many packs")),
                    }
                }
                Packed::OffsetDelta(offset, delta) => (offset, delta),
            };
            bytes += delta.len();
            deltas.push((at, delta));
            if deltas.len() > MOST_DELTAS || bytes > MOST_BYTES {
                return Err(GitError::TooLarge { what: "a chain of deltas".to_owned() });
            }
            at = next;
        };
        while let Some((at, delta)) = deltas.pop() {
            base.1 = Arc::new(delta::apply(&base.1, &delta, MOST_BYTES).map_err(wrong)?);
            self.cached(|cache| cache.put((pack, at), &base));
        }
        Ok(base)
    }

    fn cached<T>(&self, act: impl FnOnce(&mut Cache) -> T) -> T {
        act(&mut self.cache.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads a loose object: zlib of `kind size NUL content`.
    fn loose(&self, id: &Id) -> Result<Object, GitError> {
        let hex = id.to_string();
        let (folder, name) = hex.split_at(2);
        let path = self.folders.iter().map(|objects| objects.join(folder).join(name)).find(|path| path.is_file());
        let path = path.ok_or_else(|| GitError::Missing(format!("object {hex}")))?;
        let system = |e: std::io::Error| GitError::System { what: format!("object {hex}"), why: e.to_string() };
        let wrong = |why| GitError::malformed(format!("object {hex}"), why);
        let mut source = ZlibDecoder::new(BufReader::new(File::open(path).map_err(system)?));
        let mut head = Vec::new();
        while head.last() != Some(&0) {
            let mut byte = [0];
            source.read_exact(&mut byte).map_err(|_| wrong("ends early"))?;
            head.push(byte[0]);
            if head.len() > 32 {
                return Err(wrong("no header"));
            }
        }
        head.pop();
        let space = head.iter().position(|b| *b == b' ').ok_or_else(|| wrong("no header"))?;
        let kind = Kind::named(&head[..space]).ok_or_else(|| wrong("is of a kind that is not known"))?;
        let size = std::str::from_utf8(&head[space + 1..]).ok().and_then(|digits| digits.parse::<usize>().ok());
        let size = size.ok_or_else(|| wrong("no size"))?;
        if size > MOST_BYTES {
            return Err(GitError::TooLarge { what: format!("object {hex}") });
        }
        let mut content = Vec::with_capacity(size.min(1 << 20));
        source.take(size as u64 + 1).read_to_end(&mut content).map_err(|_| wrong("does not unpack"))?;
        if content.len() != size {
            return Err(wrong("is not as long as it says"));
        }
        Ok((kind, Arc::new(content)))
    }

    fn packs(&self) -> &[Pack] {
        self.packs.get_or_init(|| {
            let mut indexes = BTreeSet::new();
            for objects in &self.folders {
                let files = WalkDir::new(objects.join("pack")).max_depth(1).into_iter().flatten();
                indexes.extend(
                    files
                        .map(|f| f.into_path())
                        .filter(|p| p.extension().is_some_and(|extension| extension == "idx")),
                );
            }
            indexes.iter().take(MOST_PACKS).filter_map(|index| Pack::open(index, self.hash)).collect()
        })
    }
}

/// The folders of objects. What `objects/info/alternates` names counts only inside the repository's own folder: a
/// checkout must not make the program read the repositories of others.
fn objects(folders: &Folders) -> Vec<PathBuf> {
    let own = folders.common.join("objects");
    let mut all = vec![own.clone()];
    let Ok(home) = folders.common.canonicalize() else { return all };
    let names = small_file(&own.join("info/alternates")).unwrap_or_default();
    for name in String::from_utf8_lossy(&names).lines().take(16) {
        if let Ok(path) = own.join(name).canonicalize()
            && path.starts_with(&home)
        {
            all.push(path);
        }
    }
    all
}
