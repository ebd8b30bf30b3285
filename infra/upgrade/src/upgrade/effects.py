"""After the load: each acknowledged write is there, and once. Asked by HTTP, so that it is the same in any installation."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from upgrade.client import Failed, Person, Refused
from upgrade.work import AMENDED, Work, Written

# Rows of a planned task and of its scheme that stand in their history once if they happened at all.
TASK_ROWS = ("I01", "I04", "I06", "I08")
SCHEME_ROWS = ("W01", "W02", "W04", "W07", "W08")
PAGE = 200
PACE = 0.04


class Effects:
    """Raises nothing: what is wrong stands in `violations`."""

    def __init__(self, work: Work) -> None:
        self.work, self.written = work, work.written
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.counted: Counter[str] = Counter()

    async def count(self) -> dict[str, Any]:
        lead = await self.work.cast("zhou")
        await self._settle(self.written)
        numbers: Counter[str] = Counter()
        there = await self._registered(lead)
        for code, id in self.written.registered.items():
            self._enterprise(code, id, there.get(code, []))
        for task, scheme in self.written.tasks.items():
            await self._history(lead, f"/v1/inspections/{task}/history", "task", task, TASK_ROWS, whole=bool(scheme))
        for document, reached in self.written.documents.items():
            await self._history(lead, f"/v1/documents/{document}/history", "document", document, SCHEME_ROWS, whole=reached == "approved")
            if number := (await self._asked(lead, f"/v1/documents/{document}")).get("number"):
                numbers[number] += 1
        self.doubled += [f"number {number} on {times} documents" for number, times in numbers.items() if times > 1]
        return {
            "counted": dict(self.counted),
            "acknowledged_enterprises": len(self.written.versions),
            "sealed_schemes": sum(bool(scheme) for scheme in self.written.tasks.values()),
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "violations": [*self.lost, *self.doubled],
        }

    async def _settle(self, written: Written) -> None:
        """What nobody answered is sent once more with its key; from then on it has had exactly one effect."""
        for person, request in written.doubtful:
            try:
                answer = await person.again(request)
            except (Failed, Refused):
                continue
            id = str(answer.get("id", ""))
            if request.path == "/v1/enterprises":
                written.registered[request.given["json"]["code"]] = id
            if id in written.versions or request.path == "/v1/enterprises":
                written.versions[id] = max(int(answer["version"]), written.versions.get(id, 0))

    async def _registered(self, lead: Person) -> dict[str, list[Mapping[str, Any]]]:
        """code -> every enterprise of this run that carries it"""
        found: dict[str, list[Mapping[str, Any]]] = {}
        token = ""
        while True:
            page = await self._asked(lead, "/v1/enterprises", q=self.work.name, pageSize=PAGE, **({"pageToken": token} if token else {}))
            for row in page.get("enterprises", []):
                found.setdefault(row["code"], []).append(row)
            token = page.get("nextPageToken", "")
            if not token:
                return found

    async def _asked(self, lead: Person, path: str, **query: Any) -> dict[str, Any]:
        """Below the rate that the gateway allows one person."""
        await asyncio.sleep(PACE)
        return await lead.get(path, kind="count", **query)

    def _enterprise(self, code: str, id: str, found: Sequence[Mapping[str, Any]]) -> None:
        self.counted["enterprises"] += len(found)
        if id and not found:
            self.lost.append(f"enterprise {code} was acknowledged and is not there")
        if len(found) > 1:
            self.doubled.append(f"enterprise {code} is there {len(found)} times")
        for row in found:
            version, told = int(row["version"]), self.written.versions.get(row["id"], 0)
            self.counted["amendments"] += version - 1
            if version < told:
                self.lost.append(f"enterprise {code} stands at version {version}, {told} was acknowledged")
            if version > 1 + len(AMENDED):
                self.doubled.append(f"enterprise {code} stands at version {version} after {len(AMENDED)} amendments")

    async def _history(self, lead: Person, path: str, kind: str, id: str, rows: tuple[str, ...], *, whole: bool) -> None:
        entries = (await self._asked(lead, path, pageSize=PAGE)).get("entries", [])
        self.counted[f"{kind} history rows"] += len(entries)
        times = Counter(entry["row"] for entry in entries if entry["objectId"] == id)
        self.doubled += [f"{kind} {id}: {row} stands {times[row]} times in its history" for row in rows if times[row] > 1]
        if whole:
            self.lost += [f"{kind} {id}: {row} was acknowledged and is not in its history" for row in rows if not times[row]]
