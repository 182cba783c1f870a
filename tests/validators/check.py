"""Checks documents with the validators that `install` put into a folder.

usage: DIR/py/bin/python check.py DIR FILE...
The suffix tells what a file is: .sarif, .cdx.json, .cdx.xml, .spdx.json, .spdx, .spdx3.json
Prints what is wrong, one line each, and exits with 1; exits with 0 when nothing is.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile


def sarif(folder, path):
    """JSON schema of SARIF 2.1.0, then Sarif.Multitool with its own and GitHub's rules: errors and warnings count."""
    import jsonschema

    multitool = folder / "npm/node_modules/multitool"
    schema_path = multitool / "sarif-2.1.0.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads(schema_path.read_text(encoding="utf-8-sig"))
    validator = jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())
    for error in validator.iter_errors(document):
        yield f"schema: {error.json_path}: {error.message}"

    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "report.sarif"
        run = subprocess.run(
            [multitool / "Sarif.Multitool", "validate", path, "--rule-kind", "Sarif;Ghas", "--kind", "Fail",
             "--level", "Error;Warning", "--json-schema", schema_path, "--output", report, "--log", "ForceOverwrite"],
            capture_output=True, text=True,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},  # a small machine has no libicu
        )
        if not report.exists():
            yield f"Sarif.Multitool gave no report: {run.stdout} {run.stderr}"
            return
        result = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0]
    rules = {rule["id"]: rule for rule in result["tool"]["driver"].get("rules", [])}
    for invocation in result.get("invocations", []):
        for notice in invocation.get("toolExecutionNotifications", []):
            if notice.get("level") == "error":
                yield f"Sarif.Multitool stopped: {notice.get('message', {}).get('text')}"
    for found in result.get("results", []):
        if found.get("level", "warning") in ("error", "warning"):
            message = found["message"]
            text = message.get("text") or rules.get(found["ruleId"], {}).get("messageStrings", {}).get(
                message.get("id"), {}).get("text", "")
            for number, argument in enumerate(message.get("arguments", [])):
                text = text.replace("{%d}" % number, argument)
            yield f"{found['ruleId']}: {text}"


def cyclonedx(folder, path):
    """The strict JSON schema of the document's own version; references resolve and are unique; purls are purls."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    from packageurl import PackageURL

    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    version = SchemaVersion.from_version(document["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    if error is not None:
        yield f"schema {document['specVersion']}: {error.data.message if hasattr(error.data, 'message') else error.data}"

    known, purls = collections.Counter(), collections.Counter()

    def visit(component):
        if "bom-ref" in component:
            known[component["bom-ref"]] += 1
        if "purl" in component:
            purls[component["purl"]] += 1
        for child in component.get("components", []):
            visit(child)

    visit(document.get("metadata", {}).get("component", {}))
    for component in document.get("components", []):
        visit(component)
    for reference, times in known.items():
        if times > 1:
            yield f"bom-ref {reference} names {times} components"
    for purl, times in purls.items():
        if times > 1:
            yield f"{purl} occurs {times} times"
        try:
            PackageURL.from_string(purl)
        except ValueError as error:
            yield f"{purl}: {error}"
    for edge in document.get("dependencies", []):
        for reference in [edge["ref"], *edge.get("dependsOn", [])]:
            if reference not in known:
                yield f"the dependency {reference} is no component"


def cyclonedx_xml(folder, path):
    """The XML schema of CycloneDX 1.6."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.xml import XmlValidator

    error = XmlValidator(SchemaVersion.V1_6).validate_str(path.read_text(encoding="utf-8"))
    if error is not None:
        yield f"schema 1.6: {error.data}"


def spdx(folder, path):
    """What spdx-tools finds in a document of SPDX 2.3."""
    from spdx_tools.spdx.parser.error import SPDXParsingError
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    try:
        document = parse_file(str(path))
    except SPDXParsingError as error:
        yield from error.get_messages()
        return
    for fault in validate_full_spdx_document(document, "SPDX-2.3"):
        yield f"{fault.context.spdx_id}: {fault.validation_message}"


def spdx3(folder, path):
    """The classes of the SPDX 3.0.1 model, which check types, patterns and how often a property occurs."""
    import io

    from spdx_python_model import v3_0_1 as model

    elements = model.SHACLObjectSet()
    try:
        with path.open("rb") as text:
            model.JSONLDDeserializer().read(text, elements)
        # What is obligatory is checked when the elements are written again.
        model.JSONLDSerializer().write(elements, io.BytesIO())
    except (ValueError, KeyError, TypeError) as error:
        yield f"{type(error).__name__}: {error}"
        return
    for missing in elements.missing_ids:
        if not str(missing).startswith("https://spdx.org/rdf/3.0.1/terms/"):
            yield f"{missing} is named, and is no element"


CHECKS = [
    (".sarif", sarif),
    (".cdx.json", cyclonedx),
    (".cdx.xml", cyclonedx_xml),
    (".spdx3.json", spdx3),
    (".spdx.json", spdx),
    (".spdx", spdx),
]


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    faults = []
    for path in map(pathlib.Path, sys.argv[2:]):
        check = next((check for suffix, check in CHECKS if path.name.endswith(suffix)), None)
        found = list(check(folder, path)) if check else ["no validator is known for this suffix"]
        faults += [f"{path.name}: {fault}" for fault in found[:20]]
    print("\n".join(faults[:100]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
