"""All that others made: Python distributions, Debian's packages in the base, Kafka's jars, the Go modules of the collector."""

import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from images import collector, foundation, jars
from images.component import DEBIAN, GO, JAR, PYTHON, Component, licence_of_distribution, spdx
from images.context import PARTS
from images.workspace import Workspace

STATUS = "var/lib/dpkg/status.d/"
# Words that only one licence has, the longer ones first.
TEXTS = (
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("Apache License\n                           Version 2.0", "Apache-2.0"),
    ("Mozilla Public License Version 2.0", "MPL-2.0"),
    ("Mozilla Public License, version 2.0", "MPL-2.0"),
    ("Neither the name of", "BSD-3-Clause"),
    ("Neither the names of", "BSD-3-Clause"),
    ("may be used to endorse or promote products", "BSD-3-Clause"),
    ("Redistributions in binary form must reproduce", "BSD-2-Clause"),
    ("Permission is hereby granted, free of charge, to any person", "MIT"),
    ("Permission to use, copy, modify, and/or distribute this software", "ISC"),
    ("Permission to use, copy, modify, and distribute this software", "ISC"),
)


def python(workspace: Workspace) -> Iterator[tuple[Component, tuple[str, ...]]]:
    """Every distribution of the lock, and which images carry it; without any it serves the development."""
    carried: dict[str, set[str]] = {}
    for service in workspace.services:
        for line in workspace.requirements(service).splitlines():
            if found := re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", line):
                carried.setdefault(found[1], set()).add(service)
    for part, (name, _) in PARTS.items():
        carried.setdefault(name, set()).add(f"backing-{part}")
    for name, package in sorted(workspace.packages.items()):
        if "registry" not in package.get("source", {}):
            continue
        try:
            metadata = Parser().parsestr(distribution(name).read_text("METADATA") or "")
        except PackageNotFoundError:
            metadata = Message()
        yield Component(PYTHON, name, package["version"], licence_of_distribution(metadata)), tuple(sorted(carried.get(name, ())))


def debian() -> Iterator[Component]:
    """Their copyright files name the licences of the whole source: which one is that of the package stands in licences.toml."""
    with tarfile.open(foundation.make().archive) as packed:
        for member in packed:
            if member.name.startswith(STATUS) and (content := packed.extractfile(member)) is not None:
                yield debian_package(content.read().decode())


def debian_package(control: str) -> Component:
    fields = Parser().parsestr(control)
    return Component(DEBIAN, str(fields["Package"]), str(fields["Version"]), sha256=fields["SHA256"])


def java() -> Iterator[Component]:
    for jar in jars.locked():
        name = f"{jar.group}:{jar.artifact}"
        yield Component(JAR, name, jar.version, licence_of_jar(jars.here() / jar.file), jar.sha256)


def licence_of_jar(path: Path) -> str | None:
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        for name in names:
            if name.endswith("/pom.xml"):
                told = re.search(r"<licenses>.*?</licenses>", packed.read(name).decode(errors="replace"), re.DOTALL)
                found = [spdx(text) for text in re.findall(r"<name>(.*?)</name>", told[0])] if told else []
                if len(found) == 1 and found[0]:
                    return found[0]
        manifest = (
            packed.read("META-INF/MANIFEST.MF").decode(errors="replace").replace("\r\n ", "") if "META-INF/MANIFEST.MF" in names else ""
        )
        if (told := re.search(r"^Bundle-License: ([^;\r\n]+)", manifest, re.MULTILINE)) and (licence := spdx(told[1])):
            return licence
        for name in names:
            if re.fullmatch(r"(META-INF/)?LICENSE(-2\.0)?(\.txt)?", name):
                return licence_of_text(packed.read(name).decode(errors="replace"))
    return None


def go() -> Iterator[Component]:
    """The modules that are compiled in; the licence from each module's own file."""
    shown = "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}"
    environment = os.environ | {"GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"}
    command = ["go", "list", "-deps", "-f", shown, "."]
    listed = subprocess.run(command, cwd=collector.SOURCES, env=environment, capture_output=True, text=True, check=True).stdout
    sums = {tuple(line.split()[:2]): line.split()[2] for line in (collector.SOURCES / "go.sum").read_text().splitlines()}
    for line in sorted({line for line in listed.splitlines() if line}):
        path, version, folder = line.split(" ", 2)
        yield Component(GO, path, version, licence_of_folder(Path(folder)), sum=sums[path, version])


def licence_of_folder(folder: Path) -> str | None:
    for path in sorted(folder.iterdir()):
        if path.is_file() and re.match(r"(?i)(un)?licen[sc]e|copying", path.name):
            found = licence_of_text(path.read_text(errors="replace"))
            if found:
                return found
    return None


def licence_of_text(text: str) -> str | None:
    plain = re.sub(r"\s+", " ", text)
    return next((licence for words, licence in TEXTS if re.sub(r"\s+", " ", words) in plain), None)
