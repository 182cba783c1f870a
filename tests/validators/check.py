"""Checks one document with the validators that `install` put into a folder.

usage: DIR/py/bin/python check.py DIR (sarif | cyclonedx) FILE
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
    """The strict JSON schema of the document's own version; references resolve and are unique."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    version = SchemaVersion.from_version(document["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    if error is not None:
        yield f"schema {document['specVersion']}: {error.data.message if hasattr(error.data, 'message') else error.data}"

    known = collections.Counter()

    def visit(component):
        if "bom-ref" in component:
            known[component["bom-ref"]] += 1
        for child in component.get("components", []):
            visit(child)

    visit(document.get("metadata", {}).get("component", {}))
    for component in document.get("components", []):
        visit(component)
    for reference, times in known.items():
        if times > 1:
            yield f"bom-ref {reference} names {times} components"
    for edge in document.get("dependencies", []):
        for reference in [edge["ref"], *edge.get("dependsOn", [])]:
            if reference not in known:
                yield f"the dependency {reference} is no component"


def main():
    folder, kind, path = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], pathlib.Path(sys.argv[3])
    faults = list({"sarif": sarif, "cyclonedx": cyclonedx}[kind](folder, path))
    print("\n".join(faults[:50]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
