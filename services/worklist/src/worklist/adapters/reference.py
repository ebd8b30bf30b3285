"""The table of notices that ships with the package: rows of its own are kept, those of the package brought up to date."""

import json
from importlib import resources

from worklist.adapters import tables as t
from worklist.adapters.bulk import put
from worklist.adapters.store import Store


async def load_reference(uow: Store) -> None:
    rows = json.loads((resources.files("worklist") / "data" / "notice-rules.json").read_text("utf-8"))
    await put(uow, t.notice_rules, rows)
