"""Loads the law that ships with the package into its rows: idempotent, a data set whose digest is known is left alone."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

from sqlalchemy import select

from lawbook.adapters import tables as t
from lawbook.adapters.store import ACTS, DEFAULT_SCALE, ITEMS, SCALES, THRESHOLDS, Store
from lawbook.domain.citation import Citation, cite
from lawbook.domain.items import CheckItem

DATA = resources.files("lawbook") / "data"
BATCH = 500


async def load_reference(uow: Store) -> None:
    """Laws first: citations of items and acts are printed from them."""
    laws = _Laws()
    for name, load in (
        ("instruments.json", _instruments),
        ("articles.jsonl", _articles),
        ("check-items.jsonl", laws.check_items),
        ("acts.jsonl", laws.acts),
        ("default-scale.json", _default_scale),
        ("thresholds.json", _thresholds),
    ):
        digest = hashlib.sha256((DATA / name).read_bytes()).hexdigest()
        known = await uow.session.execute(select(t.datasets.c.digest).where(t.datasets.c.name == name))
        if known.scalar_one_or_none() != digest:
            table, rows = load()
            for start in range(0, len(rows), BATCH):
                await uow.put(table, rows[start : start + BATCH])
            await uow.put(t.datasets, [{"name": name, "digest": digest, "loaded_at": datetime.now(UTC)}])


class _Laws:
    """Titles and numbers of paragraphs of the shipped laws, for printing citations."""

    def __init__(self) -> None:
        self.titles = {row["code"]: row["title"] for row in _json("instruments.json")}
        self.paragraphs = {
            (row["instrument"], row["article"]): len(row["paragraphs"]) for row in _lines("articles.jsonl") if not row["sub"]
        }

    def cite(self, raw: Mapping[str, Any]) -> Citation:
        return cite(raw, self.titles, self.paragraphs)

    def check_items(self) -> tuple[Any, list[dict[str, Any]]]:
        return t.check_items, [_item_row(self._item(row)) for row in _lines("check-items.jsonl")]

    def _item(self, row: Mapping[str, Any]) -> CheckItem:
        return CheckItem(
            id=row["id"],
            instrument=row["instrument"],
            category=row["category"],
            applies_to=tuple(row["applies_to"]),
            matter=row["matter"],
            check=row["check"],
            violation=row["violation"],
            rectify=row["rectify"] or "",
            duty=self.cite({**row["duty"], "instrument": row["instrument"]}),
            penalty=tuple(self.cite(entry) for entry in row["penalty"]),
            no_penalty=row["no_penalty"] or "",
            act_id=row["act"] or "",
            authority=row["authority"],
            measures=tuple(row["measures"]),
            major_screen=row["major"],
            evidence=tuple(row["evidence"]),
            valid_from_on=date.fromisoformat(row["valid_from"]),
            valid_to_on=_day(row["valid_to"]),
            region_code=row["region"] or "",
            verified=False,
        )

    def acts(self) -> tuple[Any, list[dict[str, Any]]]:
        rows = []
        for row in _lines("acts.jsonl"):
            shape = {
                **row,
                "violated": [self.cite(entry) for entry in row["violated"]],
                "basis": [self.cite(entry) for entry in row["basis"]],
                "valid_from_on": row.pop("valid_from"),
                "valid_to_on": row.pop("valid_to"),
            }
            act = ACTS.validate_python(shape)
            rows.append(
                {
                    "id": act.id,
                    "valid_from_on": act.valid_from_on,
                    "valid_to_on": act.valid_to_on,
                    "body": ACTS.dump_python(act, mode="json"),
                }
            )
        return t.acts, rows


def _instruments() -> tuple[Any, list[dict[str, Any]]]:
    rows = [
        {
            "code": row["code"],
            "title": row["title"],
            "rank": row["rank"],
            "valid_from_on": date.fromisoformat(row["valid_from"]),
            "valid_to_on": _day(row["valid_to"]),
            "verified": row["verified"],
        }
        for row in _json("instruments.json")
    ]
    return t.instruments, rows


def _articles() -> tuple[Any, list[dict[str, Any]]]:
    return t.articles, list(_lines("articles.jsonl"))


def _default_scale() -> tuple[Any, list[dict[str, Any]]]:
    scale = SCALES.validate_python(
        {
            "act_id": "",
            "branch": "",
            "valid_from_on": date.min,
            "valid_to_on": None,
            "official": False,
            "tiers": [],
            **_json("default-scale.json"),
        }
    )
    scale = replace(scale, id=DEFAULT_SCALE)
    body = SCALES.dump_python(scale, mode="json")
    row = {"id": scale.id, "act_id": "", "branch": "", "valid_from_on": scale.valid_from_on, "valid_to_on": None, "body": body}
    return t.scales, [row]


def _thresholds() -> tuple[Any, list[dict[str, Any]]]:
    rows = []
    for raw in _json("thresholds.json"):
        shape = {**raw, "valid_from_on": raw["valid_from"], "valid_to_on": raw["valid_to"]}
        row = THRESHOLDS.validate_python(shape)
        row.check()
        body = THRESHOLDS.dump_python(row, mode="json")
        rows.append({"region_code": row.region_code, "valid_from_on": row.valid_from_on, "body": body})
    return t.thresholds, rows


def _item_row(item: CheckItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "valid_from_on": item.valid_from_on,
        "valid_to_on": item.valid_to_on,
        "category": item.category,
        "applies_to": list(item.applies_to),
        "region_code": item.region_code,
        "words": " ".join((item.id, item.matter, item.check, item.violation)),
        "body": ITEMS.dump_python(item, mode="json"),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _json(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / name).read_text("utf-8").splitlines():
        yield json.loads(line)
