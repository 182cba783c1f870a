//! Corrections and license choices, applied to the inventory before policy sees it.

use super::Config;
use crate::model::{Detection, DetectionKind, Inventory, RelPath};

impl Config {
    /// Replaces what was detected in corrected files, where the file is still the one that was read, and concludes
    /// the chosen branch for components whose expression is still the one that was on offer.
    pub fn apply(&self, inventory: &mut Inventory) {
        let Some(source) = &self.source else { return };
        for said in &self.corrections {
            let correction = &said.value;
            let Some(at) = inventory.index_of(&RelPath::new(correction.path.as_str())) else { continue };
            let file = &mut inventory.files[at];
            if file.sha256.as_deref() != Some(correction.sha256.as_str()) {
                continue;
            }
            let none = correction.license == "NONE";
            file.license = (!none).then(|| correction.license.clone());
            file.licenses = if none {
                Vec::new()
            } else {
                vec![Detection {
                    expression: correction.license.clone(),
                    kind: DetectionKind::Field,
                    place: source.place(said.span.clone()),
                    score: 1.0,
                    reason: format!("corrected in the configuration: {}", correction.reason),
                    invalid: None,
                    snippet: false,
                    text: None,
                }]
            };
        }
        for said in &self.choices {
            let choice = &said.value;
            for package in &mut inventory.packages {
                let named =
                    package.purl == choice.package || package.purl.starts_with(&format!("{}@", choice.package));
                if named && package.license.declared.as_ref() == Some(&choice.expression) {
                    package.license.concluded = Some(choice.choose.clone());
                }
            }
        }
    }
}
