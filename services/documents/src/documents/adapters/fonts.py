"""The typeface of documents: Noto Serif SC with TrueType outlines, and which characters it has.

The package on PyPI has PostScript outlines (CFF), with which Acrobat has known trouble and from which no OFD can be made
later. They are converted once (seconds, not minutes) into a folder that the image or the machine keeps.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import serif_path

FILE = "NotoSerifSC-Regular.ttf"
# One thousandth of the em: no eye sees the difference, and the file stays small.
TOLERANCE = 1.0
CHUNKS = 8


def make_fonts(folder: Path, *, processes: int = 2) -> Path:
    """The TrueType file in `folder`, converted if it is not there yet. Two processes may do this at once."""
    made = folder / FILE
    if made.is_file():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    with TTFont(serif_path(), lazy=True) as font:
        order = font.getGlyphOrder()
    chunks = [order[start::CHUNKS] for start in range(CHUNKS)]
    glyphs: dict[str, Any] = {}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_outlines, chunks):
            glyphs.update(part)
    with TTFont(serif_path()) as font:
        _replace_outlines(font, {name: glyphs[name] for name in order})
        written = folder / f".{FILE}.{id(font)}"
        font.save(written)
    written.replace(made)
    return made


def _outlines(names: list[str]) -> dict[str, Any]:
    with TTFont(serif_path(), lazy=True) as font:
        shapes = font.getGlyphSet()
        made = {}
        for name in names:
            pen = TTGlyphPen(None)
            shapes[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
            made[name] = pen.glyph()
        return made


def _replace_outlines(font: TTFont, glyphs: dict[str, Any]) -> None:
    widths = dict(font["hmtx"].metrics)
    builder = FontBuilder(font=font)
    builder.isTTF = True
    del font["CFF "]
    font.setGlyphOrder(list(glyphs))
    for table in ("VORG", "DSIG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\0\1\0\0"
    builder.setupGlyf(glyphs)
    font["head"].glyphDataFormat = 0
    builder.setupHorizontalMetrics({name: (widths[name][0], getattr(glyph, "xMin", 0)) for name, glyph in glyphs.items()})
    builder.setupMaxp()
    font["post"].formatType = 3.0


@cache
def characters() -> frozenset[int]:
    """Code points that the typeface has."""
    with TTFont(serif_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing(text: str) -> list[str]:
    """Characters that would print as an empty box, each once, in order of appearance. Line ends and tabs are no characters."""
    have = characters()
    return list(dict.fromkeys(letter for letter in text if ord(letter) not in have and letter not in "\n\r\t"))
