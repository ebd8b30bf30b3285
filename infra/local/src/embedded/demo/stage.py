"""What every story needs: the cast, the legal clock, documents from draft to delivery, evidence from the device to the store."""

import hashlib
import io
import json
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx

from embedded.demo.api import Account, Actor, Refused
from embedded.demo.narration import Narration

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ATTEMPTS = 5
SEALED = frozenset({"SEALED", "SERVING", "SERVED", "EFFECTIVE", "ARCHIVED"})


def instant(day: str, clock: str) -> str:
    """An instant of a day in Asia/Shanghai, as the API takes it."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=SHANGHAI).astimezone(UTC).isoformat().replace("+00:00", "Z")


class Cast:
    """The demo accounts by username: `cast("zhou")`, logged in once."""

    def __init__(self, http: httpx.Client, accounts: Iterable[Mapping[str, Any]]) -> None:
        self._http = http
        self._accounts = {row["username"]: row for row in accounts}
        self._actors: dict[str, Actor] = {}

    @classmethod
    def from_file(cls, http: httpx.Client, path: Path) -> "Cast":
        return cls(http, json.loads(path.read_text("utf-8")))

    def __call__(self, username: str) -> Actor:
        if username not in self._actors:
            row = self._accounts[username]
            actor = Actor(self._http, Account(username, row["password"], row["totp_secret"]))
            actor.login()
            self._actors[username] = actor
        return self._actors[username]


class Stage:
    """One story in one root of the organisation tree."""

    def __init__(self, http: httpx.Client, cast: Cast, clock: Actor, root: str, narration: Narration) -> None:
        self.http, self.cast, self.clock, self.root, self.narration = http, cast, clock, root, narration
        self.at = ""

    def began(self) -> bool:
        """Whether legal time of the root has been set before, so that a story told by date cannot begin."""
        return bool(self.clock.get("/v1/legal-now", root=self.root).get("offsetSeconds", "0") != "0")

    def day(self, day: str, clock: str, title: str) -> None:
        self.time(day, clock)
        self.narration.day(day, title)

    def time(self, day: str, clock: str) -> None:
        """Move legal now of the root forward; every timer that ended before is swept when this returns."""
        self.at = instant(day, clock)
        self.clock.post("/v1/legal-now", root=self.root, at=self.at)

    def refused(self, who: Actor, what: str, call: Any) -> str:
        """Show that the platform refuses it. Raises AssertionError if it does not."""
        try:
            call()
        except Refused as refusal:
            self.narration.refused(who.name, what, refusal.reason)
            return str(refusal.reason)
        raise AssertionError(f"{who.name} was not refused: {what}")

    # -- documents

    def draft(self, by: Actor, form: str, kind: str, object_id: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """W01 and the freezing of the body (W02 for a form with reviewers)."""
        drafted = by.post("/v1/documents", form=form, objectKind=kind, objectId=object_id, content=dict(content or {}))
        verb = "submit" if self._reviewed(form, by) else "freeze"
        return by.post(f"/v1/documents/{drafted['id']}:{verb}", version=drafted["version"])

    def sign(self, document: Mapping[str, Any], *signers: tuple[Actor, str], opinion: str = "") -> None:
        """Each official signs the frozen body in his capacity, with his own token."""
        for actor, capacity in signers:
            self._sign(actor, document, capacity, "CERTIFICATE", opinion=opinion)

    def sign_for(self, by: Actor, document: Mapping[str, Any], capacity: str, name: str) -> None:
        """A person without an account signs on the glass of the officer's device; the stroke is kept as evidence."""
        stroke = self._stroke(by, document, f"签名笔迹（{name}，{document['title']}）", name)
        self._sign(by, document, capacity, "GLASS", signerName=name, strokeEvidenceId=stroke["id"])

    def _stroke(self, by: Actor, document: Mapping[str, Any], title: str, name: str) -> dict[str, Any]:
        """What was written on the glass, kept as evidence of the matter that the document belongs to."""
        kind = "case" if document["objectKind"] == "case" else "inspection"
        matter = document.get("matterId") or document["objectId"]
        stroke = self._put(by, kind, matter, title, a_picture(f"{name} 签名", 230), "现场")
        return self._register(by, stroke, "E1", "现场签名", f"{name}在《{document['title']}》上签名", name)

    def _sign(self, by: Actor, document: Mapping[str, Any], capacity: str, method: str, **more: str) -> None:
        by.post(
            f"/v1/documents/{document['id']}:sign",
            capacity=capacity,
            method=method,
            bodyDigest=document["bodyDigest"],
            deviceId="pad-0001",
            **{name: value for name, value in more.items() if value},
        )

    def sealed(self, by: Actor, *documents: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Wait until each is numbered and sealed, and show it."""
        return [self._sealed(by, document) for document in documents]

    def _sealed(self, by: Actor, document: Mapping[str, Any]) -> dict[str, Any]:
        found = by.until(f"/v1/documents/{document['id']}", lambda answer: answer["state"] in SEALED)
        self.narration.document(found["form"], found.get("number", ""), found["title"], f"sha256 {found['sha256'][:16]}…")
        return found

    def deliver(self, first: Actor, second: Actor, document: Mapping[str, Any], receiver: str, post: str, place: str) -> dict[str, Any]:
        """W09, W10: handed over by two officers and signed for."""
        found = first.until(f"/v1/documents/{document['id']}", lambda answer: answer["state"] == "SEALED")
        proof = self._stroke(first, found, f"送达回证签名（{receiver}，{found['title']}）", receiver)
        serving = first.post(
            f"/v1/documents/{found['id']}:serve", version=found["version"], mode="DIRECT", recipient=receiver, address=place
        )
        delivered = first.post(
            f"/v1/documents/{found['id']}:deliver",
            version=serving["version"],
            receiver=receiver,
            receiverPost=post,
            place=place,
            proofEvidenceIds=[proof["id"]],
            secondServerId=second.id,
        )
        self.narration.act(first.name, f"serves {found['form']} {found.get('number', '')} on {receiver}", delivered["state"], "W10")
        return first.until(f"/v1/documents/{found['id']}", lambda answer: answer["state"] == "EFFECTIVE")

    def _reviewed(self, form: str, by: Actor) -> bool:
        if not hasattr(self, "_forms"):
            self._forms = {row["id"]: row for row in by.get("/v1/document-forms")["forms"]}
        return bool(self._forms[form].get("reviewed"))

    # -- evidence

    def photo(self, by: Actor, kind: str, object_id: str, title: str, picture: bytes, place: str) -> dict[str, Any]:
        """V01: hashed here, put straight to the store, verified and locked there."""
        item = self._put(by, kind, object_id, title, picture, place)
        self.narration.act(by.name, f"photographs: {title}", item["state"], "V01")
        return item

    def _put(self, by: Actor, kind: str, object_id: str, title: str, picture: bytes, place: str) -> dict[str, Any]:
        upload = by.post(
            "/v1/evidence:announce",
            objectKind=kind,
            objectId=object_id,
            title=title,
            sha256=hashlib.sha256(picture).hexdigest(),
            size=str(len(picture)),
            mediaType="image/png",
            place=place,
            deviceId="pad-0001",
        )
        httpx.put(upload["url"], content=picture, headers=upload.get("headers", {}), timeout=30).raise_for_status()
        return by.post(f"/v1/evidence/{upload['id']}:confirm")

    def register(self, by: Actor, item: Mapping[str, Any], kind: str, source: str, fact: str, holder: str = "") -> dict[str, Any]:
        """V02."""
        registered = self._register(by, item, kind, source, fact, holder)
        self.narration.act(by.name, f"registers evidence {kind}: {fact}", registered["state"], "V02")
        return registered

    def _register(self, by: Actor, item: Mapping[str, Any], kind: str, source: str, fact: str, holder: str) -> dict[str, Any]:
        return by.post(f"/v1/evidence/{item['id']}:register", version=item["version"], kind=kind, source=source, fact=fact, holder=holder)

    def fresh(self, read: Callable[[], Mapping[str, Any]], act: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Act on what stands now: an event may change it between reading and writing, and then one reads again."""
        for _ in range(ATTEMPTS - 1):
            try:
                return act(read()["version"])
            except Refused as refusal:
                if refusal.reason != "CHANGED_MEANWHILE":
                    raise
        return act(read()["version"])

    # -- two officers

    def both(self, first: Actor, second: Actor, path: str, confirm: str, *, version: Any, **body: Any) -> dict[str, Any]:
        """A move of two officers: the first proposes it, the second confirms it with his own token."""
        proposal = first.post(path, version=version, **body)
        return second.post(f"{confirm}/{proposal['id']}:confirm")


def a_picture(words: str, shade: int) -> bytes:
    """A plain made-up picture, so that nothing real appears: a PNG of one shade with the words in its text chunk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    width, height = 64, 48
    rows = b"".join(
        b"\0" + bytes([shade, shade, (shade + column) % 256][channel] for column in range(width) for channel in range(3))
        for _ in range(height)
    )
    out = io.BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    out.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    out.write(chunk(b"iTXt", b"Description\0\0\0\0\0" + words.encode()))
    out.write(chunk(b"IDAT", zlib.compress(rows)))
    out.write(chunk(b"IEND", b""))
    return out.getvalue()
