"""The press: a few processes that typeset and seal. One document costs tens of milliseconds of processor time."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from opentelemetry import metrics
from opentelemetry.trace import SpanKind
from servicekit import telemetry
from servicekit.faults import Unavailable
from servicekit.objects import digests

from documents.adapters.fonts import make_fonts
from documents.adapters.sealing import PadesSigner
from documents.adapters.typesetting import qr, typeset

press_seconds = metrics.get_meter("documents").create_histogram(
    "anzhi.documents.press", "s", "From a document's data to its sealed file", explicit_bucket_boundaries_advisory=telemetry.FAST
)


@dataclass(frozen=True)
class Job:
    """What is printed: `data` for the template; `seal` G, E or empty."""

    template: str
    data: Mapping[str, Any]
    at: datetime
    issuer_id: str
    issuer_name: str
    seal: str


@dataclass(frozen=True)
class Printed:
    pdf: bytes
    sha256: str
    sm3: str
    pages: int


def _print(job: Job, fonts: Path, keys: Path) -> Printed:
    data = {**job.data, "qr": qr(job.data["verify_url"]) if job.data["verify_url"] else ""}
    sheet = typeset(job.template, data, fonts=fonts, at=job.at)
    pdf = sheet.pdf
    if job.seal:
        title = f"{data['name']} {data['number']}".strip()
        pdf = PadesSigner(keys).seal(sheet, issuer_id=job.issuer_id, issuer_name=job.issuer_name, kind=job.seal, reason=title, fonts=fonts)
    found = digests([pdf])
    return Printed(pdf, found.sha256, found.sm3, sheet.pages)


def _begin() -> None:
    """A process of the press ends with the service, however that ends; its terminal's Ctrl-C is the service's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="watch").start()


class Press:
    def __init__(self, *, fonts: Path, keys: Path, processes: int = 2) -> None:
        self.fonts, self.keys, self.processes = fonts, keys, processes
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    async def __aenter__(self) -> "Press":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def ready(self) -> None:
        """The typeface is there (converted on the first start of a machine) and the processes run."""
        await asyncio.to_thread(make_fonts, self.fonts, processes=self.processes)
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._pool, os.getpid) for _ in range(self.processes)))

    async def print(self, job: Job) -> Printed:
        """Typeset, seal, digest."""
        pool, began = self._pool, time.perf_counter()
        try:
            with telemetry.span("press", SpanKind.INTERNAL, template=job.template):
                printed = await asyncio.get_running_loop().run_in_executor(pool, _print, job, self.fonts, self.keys)
            press_seconds.record(time.perf_counter() - began, {"sealed": bool(job.seal)})
            return printed
        except BrokenProcessPool as error:
            if self._pool is pool:
                self._pool = self._new_pool()
            raise Unavailable("a process of the press died", dependency="press") from error
