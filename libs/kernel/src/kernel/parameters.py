"""The law that a province can change: calendar, readings, limit policies and timer rows, as data with a version.

They ship in `kernel/data`; versioned rows of `lawbook` go over them by `override` and reach every service as one JSON
document. Code interprets the rows and decides nothing that the brief leaves to a setting (CT-20).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from kernel.calendar import Calendar
from kernel.errors import Invalid

Value = bool | str


class UnknownReading(Invalid):
    """There is no such setting, or the setting has no such reading."""


class UnknownPolicy(Invalid):
    """There is no such limit policy."""


class ParametersMalformed(Invalid):
    """The document is not a set of law parameters."""


@dataclass(frozen=True)
class Reading:
    """One row of 5.10.2: a place where the law leaves two readings, the one taken and the others."""

    setting: str
    rows: tuple[str, ...]
    default: Value
    text: str
    others: Mapping[Value, str]
    why: str
    words: Mapping[str, Value]
    """Other words that people use for a reading; the first that is said counts."""
    pattern: str = ""
    """What a reading that is itself a value, such as a clock time, looks like."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Reading":
        others = {other["value"]: str(other["text"]) for other in row["others"]}
        return cls(
            row["setting"], tuple(row["rows"]), row["default"], row["text"], others, row["why"], row["words"], row.get("pattern", "")
        )

    def describe(self, value: Value) -> str:
        return self.text if value == self.default else self.others.get(value, str(value))

    def parse(self, value: object) -> Value:
        """The reading meant by a value: its name, its text in the table, yes or no, «default», or words of it."""
        values: tuple[Value, ...] = (self.default, *self.others)
        if isinstance(value, bool):
            if isinstance(self.default, bool):
                return value
            return self.default if value else values[1]
        if isinstance(value, int):
            value = str(value)
        if isinstance(value, str):
            if self.pattern and re.fullmatch(self.pattern, value):
                return value
            said = _words(value)
            named = {"default": self.default, "other": values[1]}
            for known in values:
                named |= {_words(str(known)): known, _words(self.describe(known)): known}
            if said in named:
                return named[said]
            for word, meant in self.words.items():
                if f" {word} " in f" {said} ":
                    return meant
        raise UnknownReading(
            f"{self.setting} is read as {' or '.join(map(str, values))}, not as {value!r}", setting=self.setting, value=str(value)
        )


@dataclass(frozen=True)
class Choice:
    """A reading that someone chose: from which start day, for which office, on what ground."""

    value: Value
    since: date | None = None
    org: str = "/"
    source: str = ""


@dataclass(frozen=True)
class LimitPolicy:
    """How long a case may take (5.6): days from filing, and who may lengthen it to how many days in all."""

    id: str
    name: str
    base_days: int
    extensions: Mapping[str, int]
    source: str
    verified: bool
    since: date | None = None
    until: date | None = None

    def covers(self, start: date) -> bool:
        return (self.since is None or start >= self.since) and (self.until is None or start <= self.until)


@dataclass(frozen=True)
class Length:
    """How long a period is, and whether its last day rolls: yes, no, or as a setting says."""

    n: int
    unit: str
    rolls: bool | str


@dataclass(frozen=True)
class RowVersion:
    """A row as it stands for periods that start on or after `since` (CT-17)."""

    law: str
    since: date | None
    absent: bool
    length: Length
    cap_years: int
    notice_hours: int
    when: tuple[tuple[str, Value | int, Length], ...]
    verified: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "RowVersion":
        length = Length(row.get("n") or 0, row.get("unit", ""), row.get("rolls", False))
        when = tuple(
            (case["param"], case["is"], Length(case["n"], case.get("unit", length.unit), case.get("rolls", length.rolls)))
            for case in row.get("when", ())
        )
        since = date.fromisoformat(row["since"]) if "since" in row else None
        return cls(
            row.get("law", ""), since, row.get("absent", False), length, row.get("cap", 0), row.get("notice_h", 0), when, row["verified"]
        )

    def length_for(self, params: Mapping[str, Any]) -> Length:
        for param, value, length in self.when:
            if params.get(param) == value:
                return length
        return self.length


@dataclass(frozen=True)
class TimerRow:
    """One row of the master table 5.10. Text columns are for people, the rest is interpreted."""

    id: str
    name: str
    name_zh: str
    who: str
    source: str
    text: Mapping[str, str]
    versions: tuple[RowVersion, ...]
    extends: bool
    extension_max: int | None
    extension_once: bool
    pauses: tuple[str, ...]
    posting: str
    hours_start: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "TimerRow":
        extension = row.get("extension")
        return cls(
            id=row["id"],
            name=row["name"],
            name_zh=row["name_zh"],
            who=row["who"],
            source=row["source"],
            text={column: row[column] for column in ("length", "rolls", "starts", "stops", "extends", "breach")},
            versions=tuple(RowVersion.of(version) for version in row["versions"]),
            extends=extension is not None,
            extension_max=None if extension is None else extension.get("max_days"),
            extension_once=extension is not None and extension.get("once", False),
            pauses=tuple(row.get("pauses", ())),
            posting=row.get("posting", ""),
            hours_start=row.get("hours_start", False),
        )

    @property
    def department_owes(self) -> bool:
        """Whether the department owes it, so that it keeps two dates (CT-13)."""
        return "A" in self.who

    def version_on(self, start: date) -> RowVersion:
        """The version in force on the start day governs the whole period (CT-17)."""
        return next(v for v in reversed(self.versions) if v.since is None or start >= v.since)


@dataclass(frozen=True)
class LawParameters:
    """The parameters of one version. `document` is their JSON, everything else is read from it."""

    version: str
    document: Mapping[str, Any] = field(repr=False, compare=False)
    calendar_rows: Calendar = field(repr=False, compare=False)
    org_path: str = "/"

    @classmethod
    @cache
    def shipped(cls) -> "LawParameters":
        """The parameters that ship with the product. Reads the package's data once."""
        data = resources.files("kernel") / "data"
        parts = {name: json.loads((data / f"{name}.json").read_text("utf-8")) for name in ("calendar", "readings", "policies", "timers")}
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
        return cls.of({"version": f"shipped-{hashlib.sha256(text.encode()).hexdigest()[:12]}", "chosen": {}, **parts})

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "LawParameters":
        try:
            made = cls(str(document["version"]), document, Calendar.of(document["calendar"]))
            # A wrong row is refused when it is loaded, not when the first deadline needs it.
            _ = made.timers, made.policies, made.readings, made.chosen, made.closing_time
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise ParametersMalformed(f"these are no law parameters: {wrong!r}", cause=repr(wrong)) from wrong
        return made

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of this office: the national one under the rows that were put over it here."""
        return self.calendar_rows.at(self.org_path)

    @cached_property
    def timers(self) -> Mapping[str, TimerRow]:
        return {row["id"]: TimerRow.of(row) for row in self.document["timers"]}

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        return {row["setting"]: Reading.of(row) for row in self.document["readings"]}

    @cached_property
    def policies(self) -> Mapping[str, LimitPolicy]:
        def day(row: Mapping[str, Any], key: str) -> date | None:
            return date.fromisoformat(row[key]) if key in row else None

        return {
            row["id"]: LimitPolicy(
                id=row["id"],
                name=row["name"],
                base_days=int(row["base_days"]),
                extensions={step["by"]: int(step["total_days"]) for step in row["extensions"]},
                source=row["source"],
                verified=bool(row["verified"]),
                since=day(row, "since"),
                until=day(row, "until"),
            )
            for row in self.document["policies"]["policies"]
        }

    @cached_property
    def closing_time(self) -> time:
        """When the counters close, for the reading `end_of_day` = closing_time."""
        return time.fromisoformat(self.document["policies"]["closing_time"]["value"])

    @cached_property
    def chosen(self) -> Mapping[str, tuple[Choice, ...]]:
        return {name: tuple(self._choice(name, row) for row in rows) for name, rows in self.document["chosen"].items()}

    def _choice(self, name: str, row: Mapping[str, Any]) -> Choice:
        since = date.fromisoformat(row["since"]) if row.get("since") else None
        return Choice(self._known(name).parse(row["value"]), since, row.get("org", "/"), row.get("source", ""))

    def _known(self, name: str) -> Reading:
        if name not in self.readings:
            raise UnknownReading(f"there is no setting {name}", setting=name)
        return self.readings[name]

    def reading(self, name: str, start: date) -> Value:
        """How a doubtful rule is read for a period that starts on this day, in this office."""
        best: Choice | None = None
        for choice in self.chosen.get(name, ()):
            if (choice.since is None or choice.since <= start) and self.org_path.startswith(choice.org):
                rank = (len(choice.org), choice.since or date.min)
                if best is None or rank >= (len(best.org), best.since or date.min):
                    best = choice
        return self._known(name).default if best is None else best.value

    def policy(self, name: str | None, start: date) -> LimitPolicy:
        """The limit policy of a case filed on this day: the named one if it was in force, else the one of that day."""
        if name is not None and name not in self.policies:
            raise UnknownPolicy(f"there is no limit policy {name}", policy=name)
        if name is not None and self.policies[name].covers(start):
            return self.policies[name]
        rows = self.document["policies"]["default"]
        chosen = next(row for row in reversed(rows) if "since" not in row or date.fromisoformat(row["since"]) <= start)
        return self.policies[chosen["policy"]]

    def at(self, org_path: str) -> "LawParameters":
        """The parameters of one office: its choices and calendar rows count, those of others do not."""
        return _for_office(self, org_path)

    def _share(self, made: "LawParameters") -> "LawParameters":
        """Rows are the same objects in `made`: they are parsed once per version."""
        made.__dict__.update(timers=self.timers, policies=self.policies, readings=self.readings, chosen=self.chosen)
        return made

    def override(self, changes: Mapping[str, Any]) -> "LawParameters":
        """These parameters with rows put over them.

        `version`; `calendar`: {"notices": [...], "days": [...]}, appended; `readings`: {setting: value or list of
        {"value", "since", "org", "source"}}; `policies` and `timers`: lists of rows, the fields given replace those of the
        row of that id; `policy_default`: the list that picks a policy by filing day.
        """
        document = deepcopy(dict(self.document))
        unknown = set(changes) - {"version", "calendar", "readings", "policies", "policy_default", "timers"}
        if unknown:
            raise ParametersMalformed(f"law parameters have no {', '.join(sorted(unknown))}", unknown=",".join(sorted(unknown)))
        for part in ("notices", "days"):
            document["calendar"].setdefault(part, []).extend(changes.get("calendar", {}).get(part, ()))
        for name, given in _flat(changes.get("readings", {})):
            rows = given if isinstance(given, list) else [{"value": given}]
            document["chosen"].setdefault(name, []).extend(rows)
        _merge(document["policies"]["policies"], changes.get("policies", ()))
        document["policies"]["default"] = changes.get("policy_default", document["policies"]["default"])
        _merge(document["timers"], changes.get("timers", ()))
        text = json.dumps(changes, ensure_ascii=False, sort_keys=True)
        document["version"] = changes.get("version") or f"{self.version}+{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        return LawParameters.of(document).at(self.org_path)

    def with_readings(self, settings: Mapping[str, Any]) -> "LawParameters":
        """The same rows and calendar read otherwise, for one question: cheap, nothing is parsed again."""
        chosen = {
            name: (*self.chosen.get(name, ()), Choice(self._known(name).parse(given), org=self.org_path)) for name, given in _flat(settings)
        }
        made = self._share(replace(self))
        made.__dict__.update(chosen={**self.chosen, **chosen}, calendar=self.calendar)
        return made

    def to_json(self) -> str:
        return json.dumps(self.document, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> "LawParameters":
        try:
            document = json.loads(text)
        except ValueError as wrong:
            raise ParametersMalformed("these law parameters are no JSON", cause=str(wrong)) from wrong
        if not isinstance(document, dict):
            raise ParametersMalformed("law parameters are a JSON object")
        return cls.of(document)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))


@lru_cache(maxsize=1024)
def _for_office(law: LawParameters, org_path: str) -> LawParameters:
    return law._share(replace(law, org_path=org_path))


def _flat(settings: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Settings with a dot may be nested: {"d12_exclude": {"hearing": true}}."""
    for name, given in settings.items():
        if isinstance(given, Mapping):
            yield from ((f"{name}.{part}", value) for part, value in given.items())
        else:
            yield name, given


def _merge(rows: list[dict[str, Any]], changes: Iterable[Mapping[str, Any]]) -> None:
    by_id = {row["id"]: row for row in rows}
    for change in changes:
        if change["id"] in by_id:
            by_id[change["id"]].update(change)
        else:
            rows.append(dict(change))
