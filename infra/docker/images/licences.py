"""`make licences`: the licence of everything that others made, against the list of those that are allowed."""

import shutil
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from images import inventory
from images.component import Component
from images.foundation import NoBase
from images.places import HERE
from images.workspace import Workspace

LIST = HERE / "licences.toml"


@dataclass(frozen=True)
class Use:
    component: Component
    # The images that carry it; none: it serves the development alone.
    images: tuple[str, ...]

    @property
    def shipped(self) -> bool:
        return bool(self.images)


def everything(workspace: Workspace) -> tuple[list[Use], list[str]]:
    """All that can be looked at on this machine, and in words what cannot."""
    uses = [Use(component, images) for component, images in inventory.python(workspace)]
    uses += [Use(component, ("backing-kafka",)) for component in inventory.java()]
    left_out = []
    try:
        uses += [Use(component, ("every image",)) for component in inventory.debian()]
    except NoBase as reason:
        left_out.append(f"Debian's packages of the base: {str(reason).splitlines()[0]}")
    if shutil.which("go"):
        uses += [Use(component, ("collector",)) for component in inventory.go()]
    else:
        left_out.append("the Go modules of the collector: there is no go here")
    return uses, left_out


def told(path: Path = LIST) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def completed(uses: Iterable[Use], rules: dict[str, Any]) -> list[Use]:
    """What a package does not say itself, or not clearly, stands in the list."""
    known = rules["told"]
    return [replace(use, component=replace(use.component, licence=known.get(use.component.key, use.component.licence))) for use in uses]


def faults(uses: Iterable[Use], rules: dict[str, Any], *, complete: bool = True) -> list[str]:
    """`complete`: all were looked at, so that what the list says in vain is a fault as well."""
    found = []
    exceptions, needed = rules["exceptions"], set()
    seen = set()
    for use in uses:
        component = use.component
        seen.add(component.key)
        where = ", ".join(use.images) or "development"
        if component.licence is None:
            found.append(f"{component.key} {component.version} ({where}): no licence is known; find it and write it under [told]")
            continue
        allowed = set(rules["shipped"]) | (set() if use.shipped else set(rules["development"]))
        if permitted(component.licence, allowed):
            continue
        exception = exceptions.get(component.key)
        if exception is None or exception["licence"] != component.licence:
            found.append(f"{component.key} {component.version} ({where}): {component.licence} is not allowed")
        else:
            needed.add(component.key)
    if not complete:
        return found
    found += [f"{key}: the exception is not needed" for key in sorted(set(exceptions) - needed)]
    found += [f"{key}: told, but nothing of that name is there" for key in sorted(set(rules["told"]) - seen)]
    return found


def permitted(expression: str, allowed: set[str]) -> bool:
    """One of what OR parts is enough; of what AND joins all are needed."""
    plain = expression.replace("(", " ").replace(")", " ")
    return any(all(word.strip() in allowed for word in choice.split(" AND ")) for choice in plain.split(" OR "))


def main(workspace: Workspace, *, quiet: bool) -> int:
    rules = told()
    found, left_out = everything(workspace)
    uses = completed(found, rules)
    if not quiet:
        for use in uses:
            images = "development" if not use.shipped else use.images[0] if len(use.images) == 1 else f"{len(use.images)} images"
            component = use.component
            print(f"{component.kind:8}{component.name:62}{component.version:28}{component.licence or '?':40}{images}")
    counted = Counter(use.component.licence or "?" for use in uses if use.shipped)
    print(f"shipped: {', '.join(f'{licence} {number}' for licence, number in counted.most_common())}")
    for reason in left_out:
        print(f"LEFT OUT: {reason}")
    wrong = faults(uses, rules, complete=not left_out)
    for fault in wrong:
        print(fault)
    print(f"{len(uses)} dependencies, {sum(use.shipped for use in uses)} of them in images; {len(wrong)} faults")
    return 1 if wrong else 0
