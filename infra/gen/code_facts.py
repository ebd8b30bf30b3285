"""What the code says of itself: its errors, machines, timers, settings and cited law, found by importing every module."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from types import ModuleType
from typing import Any

from files import ROOT
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Precondition
from kernel.moves import Machine
from pydantic_settings import BaseSettings

KINDS: tuple[type[DomainError], ...] = (Invalid, Forbidden, NotFound, Precondition, Conflict)
# Reasons that transports give beside the errors of the domain: status and meaning.
TRANSPORT = {
    "TOKEN_EXPIRED": ("401", "The token has expired."),
    "TOKEN_INVALID": ("401", "The token is not valid."),
}
LAW = re.compile(r"Law:\s*(.+?)(?:\n\s*\n|$)", re.DOTALL)
FORM = re.compile(r"\b(?:F\d{2}|ws\d+(?:-\d+)?)\b")


def services() -> list[str]:
    return sorted(path.name.replace("-", "_") for path in (ROOT / "services").iterdir() if (path / "pyproject.toml").exists())


@cache
def modules() -> dict[str, ModuleType]:
    """Every module of kernel, servicekit and the services. One that cannot be imported ends the run."""
    found = {}
    for package in ("kernel", "servicekit", *services()):
        root = importlib.import_module(package)
        found[package] = root
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                found[module.name] = importlib.import_module(module.name)
    return found


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def home(kind: type[Any]) -> str:
    return str(kind.__module__).split(".")[0]


@cache
def errors() -> tuple[type[DomainError], ...]:
    """Every error that is raised as itself, by home and name."""
    known = modules()
    found = {
        error
        for error in subclasses(DomainError)
        if error.__module__ in known and getattr(known[error.__module__], error.__name__, None) is error and error not in KINDS
    }
    leaves = {error for error in found if error.__name__ != "Refused"}
    return tuple(sorted(leaves, key=lambda error: (home(error), error.reason)))


def kind_of(error: type[DomainError]) -> str:
    return next((kind.__name__ for kind in KINDS if issubclass(error, kind)), "Refused")


@cache
def machines() -> tuple[type[Machine], ...]:
    known = modules()
    found = {machine for machine in subclasses(Machine) if machine.__module__ in known and "MOVES" in vars(machine)}
    return tuple(sorted(found, key=lambda machine: (home(machine), machine.MACHINE)))


def states(machine: type[Machine]) -> list[str]:
    """The members of the enumeration that the machine moves in, in their own order."""
    for move in machine.MOVES:
        for value in (*move.sources, *(move.target if isinstance(move.target, frozenset) else (move.target,))):
            if isinstance(value, Enum):
                return [str(member) for member in type(value)]
    return sorted({str(source) for move in machine.MOVES for source in move.sources})


@cache
def timers() -> dict[str, dict[str, Any]]:
    """The rows of the master table as the kernel ships them."""
    rows: list[dict[str, Any]] = json.loads((resources.files("kernel") / "data" / "timers.json").read_text("utf-8"))
    return {row["id"]: row for row in rows}


def forms() -> set[str]:
    """The forms that rows of the law name."""
    return {form for machine in machines() for move in machine.MOVES for form in FORM.findall(move.form)}


def settings() -> dict[str, type[BaseSettings]]:
    """service -> the settings class of its app."""
    return {name: importlib.import_module(f"{name}.app").Settings for name in services()}


@dataclass(frozen=True)
class Citation:
    law: str
    place: str
    says: str


def citations() -> list[Citation]:
    """Each docstring that cites the law that it applies."""
    found = []
    for name, module in modules().items():
        for thing in vars(module).values():
            if not (inspect.isclass(thing) or inspect.isfunction(thing)) or thing.__module__ != name:
                continue
            things = [(f"{name}.{thing.__name__}", thing)]
            if inspect.isclass(thing):
                things += [(f"{name}.{thing.__name__}.{key}", each) for key, each in vars(thing).items() if inspect.isfunction(each)]
            for place, each in things:
                doc = inspect.cleandoc(each.__doc__ or "")
                match = LAW.search(doc)
                if match:
                    says = LAW.sub("", doc).strip().split("\n\n")[0]
                    found.append(Citation(" ".join(match[1].split()), place, " ".join(says.split())))
    return sorted(set(found), key=lambda each: (each.law, each.place))
