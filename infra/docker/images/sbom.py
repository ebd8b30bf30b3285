"""What an image is made of, as CycloneDX 1.6: read from the image itself, hashes of wheels and jars from the locks."""

import hashlib
import json
import re
import uuid
from datetime import UTC, datetime
from email.parser import Parser
from typing import Any

from images import inventory, jars, licences
from images.archive import Image
from images.component import GO, JAR, OWN, PYTHON, Component, licence_of_distribution
from images.context import COLLECTOR
from images.workspace import Workspace

METADATA = re.compile(r"app/lib/python3\.\d+/site-packages/[^/]+\.dist-info/(METADATA|WHEEL)")


def components(name: str, image: Image, workspace: Workspace) -> list[Component]:
    if name == COLLECTOR:
        return list(inventory.go())
    texts = image.texts({path for path in image.files if METADATA.fullmatch(path) or path.startswith(inventory.STATUS)})
    found = [inventory.debian_package(text) for path, text in sorted(texts.items()) if path.startswith(inventory.STATUS)]
    for path, text in sorted(texts.items()):
        if path.endswith(".dist-info/METADATA"):
            found.append(_distribution(text, texts.get(path.replace("METADATA", "WHEEL"), ""), workspace))
    carried = {path.removeprefix("app/jars/") for path in image.files if path.startswith("app/jars/")}
    for jar in jars.locked():
        if jar.file in carried:
            found.append(Component(JAR, f"{jar.group}:{jar.artifact}", jar.version, sha256=jar.sha256))
    return found


def _distribution(metadata: str, wheel: str, workspace: Workspace) -> Component:
    fields = Parser().parsestr(metadata)
    name = re.sub(r"[-_.]+", "-", str(fields["Name"])).lower()
    version = str(fields["Version"])
    package = workspace.packages.get(name, {})
    if "editable" in package.get("source", {}):
        return Component(OWN, name, version)
    tags = {str(tag) for tag in Parser().parsestr(wheel).get_all("Tag") or ()}
    for candidate in package.get("wheels", ()):
        file = candidate["url"].rpartition("/")[2].removesuffix(".whl")
        python, abi, platforms = file.split("-")[-3:]
        if tags & {f"{one}-{abi}-{other}" for one in python.split(".") for other in platforms.split(".")}:
            return Component(PYTHON, name, version, licence_of_distribution(fields), candidate["hash"].removeprefix("sha256:"))
    return Component(PYTHON, name, version, licence_of_distribution(fields))


def document(name: str, tag: str, image: Image, workspace: Workspace) -> dict[str, Any]:
    """The serial number is that of the content: the same image gives the same document, but for its time."""
    told = licences.told()["told"]
    listed = [_as_json(component, told.get(component.key, component.licence)) for component in components(name, image, workspace)]
    described = json.dumps(listed, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(described.encode()).digest()[:16], version=4)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {"type": "container", "bom-ref": "image", "name": name, "version": tag},
        },
        "components": listed,
    }


def _as_json(component: Component, licence: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": component.purl,
        "name": component.name,
        "version": component.version,
        "purl": component.purl,
    }
    if licence:
        told["licenses"] = [{"expression": licence}]
    if component.sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": component.sha256}]
    if component.kind == GO:
        told["properties"] = [{"name": "go:sum", "value": component.sum or ""}]
    return told
