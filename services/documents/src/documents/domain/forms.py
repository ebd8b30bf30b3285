"""The forms of 4.2 and 4.3 as data: number, code, seal, who signs, what must be filled in, who approves first.

The table is `data/forms.json`. A form without a template of the day can be named but not drawn up.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from kernel.errors import Invalid, Precondition
from kernel.moves import Role

from documents.domain.signature import Capacity


class FormUnknown(Invalid):
    """There is no such form."""


class TemplateMissing(Precondition):
    """No template of the form is in force on that day."""


class Kind(StrEnum):
    TEXT = "TEXT"
    LIST = "LIST"
    DATE = "DATE"
    INSTANT = "INSTANT"
    BOOL = "BOOL"
    NUMBER = "NUMBER"


class Seal(StrEnum):
    """Column S of 4.2."""

    OFFICIAL = "G"
    ENFORCEMENT = "E"
    NONE = ""


@dataclass(frozen=True)
class Field:
    name: str
    zh: str
    kind: Kind


@dataclass(frozen=True)
class Template:
    """A layout and the day from which it is used."""

    name: str
    version: str
    valid_from: date


@dataclass(frozen=True)
class Form:
    """One row of 4.2 or 4.3. `mandatory` holds alternatives: one field of each has to be filled in.

    `approval_may_follow` names the field that says that the approving form comes within 24 hours after it (AEL 19)."""

    id: str
    ws_code: str
    zh: str
    en: str
    code: str
    numbered: bool
    seal: Seal
    reviewed: bool
    served: bool
    sign: tuple[Capacity, ...]
    approved_by: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    approval_may_follow: str = ""
    drafters: frozenset[Role] = frozenset({Role.OFF, Role.LEAD})
    mandatory: tuple[tuple[Field, ...], ...] = ()
    optional: tuple[Field, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    templates: tuple[Template, ...] = ()

    @property
    def fields(self) -> Mapping[str, Field]:
        found = {field.name: field for alternatives in self.mandatory for field in alternatives}
        return found | {field.name: field for field in self.optional}

    def template(self, on: date) -> Template:
        """The template in force on the day. Raises TemplateMissing."""
        in_force = [template for template in self.templates if template.valid_from <= on]
        if not in_force:
            raise TemplateMissing(f"no template of {self.zh} is in force on {on}", form=self.id, on=on.isoformat())
        return max(in_force, key=lambda template: template.valid_from)


def form(form_id: str) -> Form:
    """Raises FormUnknown."""
    found = forms().get(form_id)
    if found is None:
        raise FormUnknown(f"there is no form {form_id}", form=form_id)
    return found


@cache
def forms() -> Mapping[str, Form]:
    table = json.loads(resources.files("documents").joinpath("data/forms.json").read_text("utf-8"))
    fields = {name: Field(name, row["zh"], Kind(row["kind"])) for name, row in table["fields"].items()}
    return {row["id"]: _form(row, fields) for row in table["forms"]}


def _form(row: Mapping[str, Any], fields: Mapping[str, Field]) -> Form:
    drafters = row.get("drafters")
    return Form(
        id=row["id"],
        ws_code=row["ws"],
        zh=row["zh"],
        en=row["en"],
        code=row["code"],
        numbered=row["numbered"],
        seal=Seal(row["seal"]),
        reviewed=row["reviewed"],
        served=row["served"],
        sign=tuple(Capacity(word) for word in row["sign"]),
        approved_by=tuple(row.get("approved_by", ())),
        after=tuple(row.get("after", ())),
        approval_may_follow=row.get("approval_may_follow", ""),
        drafters=frozenset(Role(role) for role in drafters) if drafters else frozenset({Role.OFF, Role.LEAD}),
        mandatory=tuple(tuple(fields[name] for name in names.split("|")) for names in row.get("mandatory", ())),
        optional=tuple(fields[name] for name in row.get("optional", ())),
        needs={name: tuple(names) for name, names in row.get("needs", {}).items()},
        templates=tuple(
            Template(row["template"], version["version"], date.fromisoformat(version["valid_from"]))
            for version in row.get("template_versions", ())
        ),
    )
