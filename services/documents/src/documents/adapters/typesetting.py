"""Typst: one JSON value and a template become a page. Runs in the processes of the press, which keep the typeface loaded."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import segno
import typst

A4_HEIGHT = 841.8898


@dataclass(frozen=True)
class Place:
    """Where on the paper the seal goes: page (from 1), centre and width in points, from the upper left corner."""

    page: int
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Typeset:
    pdf: bytes
    pages: int
    seal: Place | None


@cache
def _templates() -> Path:
    return Path(str(resources.files("documents").joinpath("templates")))


@cache
def _typeface(folder: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def typeset(template: str, data: Mapping[str, Any], *, fonts: Path, at: datetime) -> Typeset:
    """The same data at the same instant make the same bytes."""
    root = _templates()
    compiler = typst.Compiler(
        str(root / f"{template}.typ"),
        root=str(root),
        font_paths=_typeface(fonts),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))},
    )
    pdf = compiler.compile(format="pdf", pdf_standards="a-2b", pdf_tags=False, timestamp=int(at.astimezone(UTC).timestamp()))
    assert isinstance(pdf, bytes)
    found = json.loads(compiler.query("<seal>", field="value"))
    pages = json.loads(compiler.query("<pages>", field="value"))
    # Without a line end before it, the first object of a signature's update would break PDF/A (ISO 19005-2, 6.1.9).
    return Typeset(pdf + b"\n", pages[-1] if pages else 1, Place(**found[-1]) if found else None)


def qr(text: str) -> str:
    """The code as SVG, so that it goes into the page as lines."""
    written = io.BytesIO()
    segno.make(text, error="m").save(written, kind="svg", border=2, xmldecl=False, svgns=True, nl=False)
    return written.getvalue().decode()
