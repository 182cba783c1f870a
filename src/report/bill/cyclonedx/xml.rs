//! CycloneDX 1.6 as XML. The order of the elements is that of the schema.

use std::io::{self, Write};

use super::super::component::cyclonedx_scope;
use super::super::identity;
use super::super::xml::Xml;
use super::{Licensed, Parts, Statement, compositions, group_and_name, licenses, properties, technique};
use crate::model::{Bill, Component, ExternalReference, Hash, ModelCard, Party};

/// Writes the bill.
pub(super) fn write(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    let serial = format!("urn:uuid:{}", identity::of(bill, "cyclonedx-xml-1.6"));
    let mut xml = Xml::new(out)?;
    let root = [("xmlns", "http://cyclonedx.org/schema/bom/1.6"), ("serialNumber", &serial), ("version", "1")];
    xml.element("bom", &root, |xml| {
        let parts = Parts::new(bill);
        xml.element("metadata", &[], |xml| metadata(bill, &parts, xml))?;
        xml.element("components", &[], |xml| parts.top.iter().try_for_each(|c| component(bill, c, &parts, xml)))?;
        xml.element("dependencies", &[], |xml| {
            bill.root().into_iter().chain(bill.others()).try_for_each(|c| dependency(c, xml))
        })?;
        let compositions = compositions(bill);
        if compositions.is_empty() {
            return Ok(());
        }
        xml.element("compositions", &[], |xml| {
            compositions.iter().try_for_each(|(aggregate, of)| {
                xml.element("composition", &[], |xml| {
                    xml.text("aggregate", &[], aggregate)?;
                    xml.element("dependencies", &[], |xml| {
                        of.iter().try_for_each(|reference| xml.empty("dependency", &[("ref", reference)]))
                    })
                })
            })
        })
    })
}

fn metadata(bill: &Bill, parts: &Parts<'_>, xml: &mut Xml<'_>) -> io::Result<()> {
    xml.optional("timestamp", bill.created.as_deref())?;
    if !bill.lifecycles.is_empty() {
        xml.element("lifecycles", &[], |xml| {
            bill.lifecycles.iter().try_for_each(|p| xml.element("lifecycle", &[], |xml| xml.text("phase", &[], p)))
        })?;
    }
    xml.element("tools", &[], |xml| {
        xml.element("components", &[], |xml| {
            bill.tools.iter().try_for_each(|tool| {
                xml.element("component", &[("type", "application")], |xml| {
                    xml.text("name", &[], &tool.name)?;
                    xml.optional("version", tool.version.as_deref())?;
                    match &tool.url {
                        Some(url) => xml.element("externalReferences", &[], |xml| {
                            xml.element("reference", &[("type", "website")], |xml| xml.text("url", &[], url))
                        }),
                        None => Ok(()),
                    }
                })
            })
        })
    })?;
    let (people, organizations): (Vec<&Party>, Vec<&Party>) = bill.authors.iter().partition(|p| p.person);
    if !people.is_empty() {
        xml.element("authors", &[], |xml| people.iter().try_for_each(|p| person("author", p, xml)))?;
    }
    if let Some(root) = bill.root() {
        component(bill, root, parts, xml)?;
    }
    match organizations.first() {
        Some(party) => organization("manufacturer", party, xml),
        None => Ok(()),
    }
}

fn person(name: &str, party: &Party, xml: &mut Xml<'_>) -> io::Result<()> {
    xml.element(name, &[], |xml| {
        xml.text("name", &[], &party.name)?;
        xml.optional("email", party.email.as_deref())
    })
}

fn organization(name: &str, party: &Party, xml: &mut Xml<'_>) -> io::Result<()> {
    xml.element(name, &[], |xml| {
        xml.text("name", &[], &party.name)?;
        xml.optional("url", party.url.as_deref())?;
        match &party.email {
            Some(email) => xml.element("contact", &[], |xml| xml.text("email", &[], email)),
            None => Ok(()),
        }
    })
}

fn component(bill: &Bill, c: &Component, parts: &Parts<'_>, xml: &mut Xml<'_>) -> io::Result<()> {
    let (group, name) = group_and_name(c);
    let attributes = [("type", c.kind.name()), ("bom-ref", c.reference.as_str())];
    xml.element("component", &attributes, |xml| {
        if let Some(supplier) = &c.supplier {
            organization("supplier", supplier, xml)?;
        }
        if !c.authors.is_empty() {
            xml.element("authors", &[], |xml| c.authors.iter().try_for_each(|p| person("author", p, xml)))?;
        }
        xml.optional("group", group)?;
        xml.text("name", &[], name)?;
        xml.optional("version", c.version.as_deref())?;
        xml.optional("description", c.description.as_deref())?;
        xml.optional("scope", c.scope.map(cyclonedx_scope))?;
        hashes(&c.hashes, xml)?;
        let (licenses, displaced) = licenses(c, false);
        if !licenses.is_empty() {
            xml.element("licenses", &[], |xml| licenses.iter().try_for_each(|l| license(bill, l, xml)))?;
        }
        xml.optional("copyright", c.copyright.as_deref())?;
        xml.optional("cpe", c.cpe.as_deref())?;
        xml.optional("purl", c.purl.as_deref())?;
        if !c.references.is_empty() {
            xml.element("externalReferences", &[], |xml| c.references.iter().try_for_each(|r| reference(r, xml)))?;
        }
        property_list(&properties(c, displaced), xml)?;
        let own = parts.of(&c.reference);
        if !own.is_empty() {
            xml.element("components", &[], |xml| own.iter().try_for_each(|part| component(bill, part, parts, xml)))?;
        }
        evidence(c, xml)?;
        match &c.card {
            Some(card) => model_card(card, bill, xml),
            None => Ok(()),
        }
    })
}

fn property_list(properties: &[(&str, &str)], xml: &mut Xml<'_>) -> io::Result<()> {
    if properties.is_empty() {
        return Ok(());
    }
    xml.element("properties", &[], |xml| {
        properties.iter().try_for_each(|(name, value)| xml.text("property", &[("name", name)], value))
    })
}

fn hashes(hashes: &[Hash], xml: &mut Xml<'_>) -> io::Result<()> {
    if hashes.is_empty() {
        return Ok(());
    }
    xml.element("hashes", &[], |xml| {
        hashes.iter().try_for_each(|h| xml.text("hash", &[("alg", h.algorithm.as_str())], &h.value))
    })
}

fn license(bill: &Bill, licensed: &Licensed<'_>, xml: &mut Xml<'_>) -> io::Result<()> {
    let how = [("acknowledgement", licensed.acknowledgement)];
    let text_of = |id: &str| bill.license_texts.iter().find(|t| t.id == id);
    match licensed.statement {
        Statement::Id(id) => xml.element("license", &how, |xml| xml.text("id", &[], id)),
        Statement::Expression(text) => match text_of(text) {
            Some(license) => xml.element("license", &how, |xml| {
                xml.text("name", &[], text)?;
                xml.text("text", &[], &license.text)
            }),
            None => xml.text("expression", &how, text),
        },
        Statement::Name(name) => xml.element("license", &how, |xml| xml.text("name", &[], name)),
    }
}

fn reference(reference: &ExternalReference, xml: &mut Xml<'_>) -> io::Result<()> {
    xml.element("reference", &[("type", reference.kind.as_str())], |xml| {
        xml.text("url", &[], &reference.url)?;
        hashes(&reference.hashes, xml)
    })
}

fn evidence(c: &Component, xml: &mut Xml<'_>) -> io::Result<()> {
    if c.occurrences.is_empty() {
        return Ok(());
    }
    xml.element("evidence", &[], |xml| {
        if let (Some(technique), Some(purl)) = (technique(c), &c.purl) {
            xml.element("identity", &[], |xml| {
                xml.text("field", &[], "purl")?;
                xml.text("confidence", &[], "1")?;
                xml.text("concludedValue", &[], purl)?;
                xml.element("methods", &[], |xml| {
                    xml.element("method", &[], |xml| {
                        xml.text("technique", &[], technique)?;
                        xml.text("confidence", &[], "1")?;
                        xml.optional("value", c.occurrences.first().map(|place| place.path.as_str()))
                    })
                })
            })?;
        }
        xml.element("occurrences", &[], |xml| {
            c.occurrences.iter().try_for_each(|place| {
                xml.element("occurrence", &[], |xml| {
                    xml.text("location", &[], place.path.as_str())?;
                    let line = place.region.as_ref().map(|region| region.start_line.to_string());
                    xml.optional("line", line.as_deref())
                })
            })
        })
    })
}

fn model_card(card: &ModelCard, bill: &Bill, xml: &mut Xml<'_>) -> io::Result<()> {
    xml.element("modelCard", &[], |xml| {
        xml.element("modelParameters", &[], |xml| {
            xml.optional("task", card.task.as_deref())?;
            xml.optional("architectureFamily", card.family.as_deref())?;
            xml.optional("modelArchitecture", card.architecture.as_deref())?;
            if card.datasets.is_empty() {
                return Ok(());
            }
            xml.element("datasets", &[], |xml| {
                card.datasets.iter().try_for_each(|set| match bill.component(set) {
                    Some(component) => xml.text("ref", &[], &component.reference),
                    None => xml.element("dataset", &[], |xml| {
                        xml.text("type", &[], "dataset")?;
                        xml.text("name", &[], set)
                    }),
                })
            })
        })?;
        let parameters: Vec<(&str, &str)> =
            card.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        property_list(&parameters, xml)
    })
}

fn dependency(c: &Component, xml: &mut Xml<'_>) -> io::Result<()> {
    let reference = [("ref", c.reference.as_str())];
    if c.dependencies.is_empty() {
        return xml.empty("dependency", &reference);
    }
    xml.element("dependency", &reference, |xml| {
        c.dependencies.iter().try_for_each(|to| xml.empty("dependency", &[("ref", to)]))
    })
}
