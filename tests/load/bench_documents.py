"""Documents a second from their data to the sealed PDF in the locked store, beside bare typst with the same template and data."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from documents.adapters.fonts import make_fonts
from documents.adapters.issuing import DocumentPress
from documents.adapters.press import Press
from documents.adapters.store import Store
from documents.adapters.tables import documents
from documents.adapters.typesetting import typeset
from documents.domain.document import Document
from documents.domain.sheet import sheet
from embedded.keys import seals
from embedded.services import FONTS
from embedded.state import State
from load.measure import RUNS, Line, median, percentile, rate
from load.stage import Stage
from servicekit.db import database, transaction
from servicekit.settings import ObjectSettings
from sqlalchemy import select

SECONDS, PROCESSES = 5.0, 2
RATE_BUDGET, P95_BUDGET = 15, 1.0


async def a_document(settings: ObjectSettings) -> Document:
    """A sealed order of the story."""
    async with database(settings) as sessions, transaction(sessions, Store, jobs=True, scope="/") as uow:
        found = await uow.one(select(Document).where(documents.c.form == "F05").limit(1))
    if found is None:
        raise RuntimeError("there is no document to print: the story has to be walked first")
    return found


def alone(template: str, data: dict[str, Any], fonts: Path, at: datetime) -> int:
    return len(typeset(template, {**data, "qr": ""}, fonts=fonts, at=at).pdf)


async def run(stage: Stage) -> list[Line]:
    settings = ObjectSettings(
        service_name="documents",
        database_jobs_url=stage.told["DOCUMENTS_JOBS_URL"],
        s3_endpoint=stage.told["S3_ENDPOINT"],
        s3_access_key=stage.told["S3_ACCESS_KEY"],
        s3_secret_key=stage.told["S3_SECRET_KEY"],
    )
    document, at = await a_document(settings), datetime.now(UTC)
    assert document.dated_on is not None
    template, data = document.spec.template(document.dated_on).name, sheet(document, "")
    seconds: list[float] = []
    sealed, bare = [], []
    async with AsyncExitStack() as stack:
        make_fonts(FONTS, processes=PROCESSES)
        press = await stack.enter_async_context(Press(fonts=FONTS, keys=seals(State(stage.folder)), processes=PROCESSES))
        issuing = DocumentPress(settings, press, lock_days=1)
        await issuing.ready()
        pool = stack.enter_context(ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")))
        loop = asyncio.get_running_loop()
        typst_alone: Callable[[], int] = partial(alone, template, data, FONTS, at)

        async def issue(_: int) -> None:
            began = time.perf_counter()
            await issuing.issue(document, f"https://example.test/v/{document.id}", at)
            seconds.append(time.perf_counter() - began)

        async def print_alone(_: int) -> None:
            await loop.run_in_executor(pool, typst_alone)

        for work in (issue, print_alone):
            await rate(work, at_once=PROCESSES, seconds=1)
        seconds.clear()
        for _ in range(RUNS):
            sealed.append(await rate(issue, at_once=PROCESSES, seconds=SECONDS))
            bare.append(await rate(print_alone, at_once=PROCESSES, seconds=SECONDS))
    p95 = percentile(seconds, 0.95)
    return [
        Line(
            "document: typeset, sealed, in the store",
            median(sealed),
            "/s",
            f">= {RATE_BUDGET} /s",
            median(sealed) >= RATE_BUDGET,
            median(bare),
        ),
        Line("document, p95", p95 * 1000, "ms", "< 1,000 ms", p95 < P95_BUDGET),
    ]
