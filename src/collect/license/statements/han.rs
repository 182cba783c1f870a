//! How sentences and fields in Chinese and Japanese state a license: `本项目采用 MIT 许可证`, `开源协议：MIT`. Each character
//! is a word, so that what these texts write in one piece is looked for word by word.

use super::context::is_followed_up;
use super::mentions::Mention;
use super::tokens::{Tokens, gap};

/// What a license is called, longer words first.
const LICENSES: &[&str] = &[
    "开源许可协议",
    "开源许可证",
    "开源授权协议",
    "授权许可协议",
    "許可協議",
    "許可條款",
    "授權條款",
    "许可协议",
    "许可条款",
    "开源协议",
    "授权协议",
    "開源協議",
    "许可证",
    "許可證",
    "许可",
    "許可",
    "协议",
    "協議",
    "授权",
    "授權",
    "条款",
    "條款",
    "ライセンス",
];
/// Words of a sentence that puts something under the license that it goes on to name.
const UNDER: &[&str] =
    &["采用", "採用", "基于", "基於", "遵循", "遵守", "使用", "依据", "依據", "根据", "根據", "按照", "适用"];
/// The same behind the name: `在 MIT 许可证下发布`, `MIT ライセンスの下で`.
const BELOW: &[&str] = &[
    "下发布",
    "下發布",
    "之下",
    "下开源",
    "下分发",
    "下授权",
    "の下",
    "のもと",
    "に基づ",
    "で公開",
    "で配布",
    "です",
];
/// So far before the name stands the verb, in characters and words.
const REACH: usize = 12;

/// The word behind one that `text` spells when it starts at `at`, character by character.
fn spelt(tokens: &Tokens, at: usize, text: &str) -> Option<usize> {
    let mut buffer = [0; 4];
    let mut end = at;
    for c in text.chars() {
        // A pair of characters that a line end parts is one word as well.
        if tokens.word(end) != c.encode_utf8(&mut buffer) || end > at && tokens.breaks_sentence(end) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// Where the word for a license ends that starts at `at`.
fn license_at(tokens: &Tokens, at: usize) -> Option<usize> {
    LICENSES.iter().find_map(|text| spelt(tokens, at, text))
}

/// Where the word for a license starts that ends before `at`.
fn license_before(tokens: &Tokens, at: usize) -> Option<usize> {
    LICENSES.iter().find_map(|text| {
        let start = at.checked_sub(text.chars().count())?;
        spelt(tokens, start, text).map(|_| start)
    })
}

/// Whether the name is the value of a field or the line below a heading: `许可证：MIT`.
pub(super) fn is_field(tokens: &Tokens, head: &Mention) -> bool {
    let at = head.words.start;
    // `ライセンスは MIT です`, `许可证为 MIT`.
    let is = at > 0 && matches!(tokens.word(at - 1), "は" | "为" | "為" | "是") && !tokens.breaks_sentence(at);
    if is && license_before(tokens, at - 1).is_some() {
        return true;
    }
    let Some(start) = license_before(tokens, at) else { return false };
    let first = start == 0 || tokens.gap(start, gap::LINE);
    let alone =
        || tokens.gap(head.words.end, gap::LINE | gap::SENTENCE) || head.called || is_followed_up(tokens, head);
    let heading = || first && tokens.gap(at, gap::PARAGRAPH) && alone();
    tokens.gap(at, gap::COLON) || heading()
}

/// Whether the sentence puts something under the license whose names end before `end`.
pub(super) fn states(tokens: &Tokens, head: &Mention, end: usize) -> bool {
    let called = license_at(tokens, end).filter(|_| !tokens.breaks_sentence(end));
    // `木兰宽松许可证` says in its name what it is.
    let named = || head.words.clone().any(|at| license_at(tokens, at).is_some()).then_some(end);
    let Some(behind) = called.or_else(named) else { return false };
    if BELOW.iter().any(|text| spelt(tokens, behind, text).is_some()) {
        return true;
    }
    let from = head.words.start.saturating_sub(REACH);
    (from..head.words.start)
        .rev()
        .take_while(|&at| !tokens.breaks_sentence(at + 1))
        .any(|at| UNDER.iter().any(|text| spelt(tokens, at, text).is_some()))
}
