"""What this organ does with each transfer: fetch and check the package, sign the receipt, take up, file or refuse with reasons."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx

from partner_police.platform import ClientRefused, PackDiffers, Platform, Refused
from partner_police.webhooks import Receiver

CHINA = timezone(timedelta(hours=8))
Say = Callable[..., None]
# A webhook may be lost (this program was down): what was handed over is looked up as well, this often.
LOOK_SECONDS = 30.0
WAITING = {"DELIVERED", "RECEIPTED", "POLICE_REVIEW"}
TOLD = {"transfer.delivered", "transfer.supplemented", "transfer.forwarded"}


@dataclass(frozen=True)
class Manner:
    """How this organ decides. `verifier`: the command of anzhi-verify, empty: the digest alone is compared."""

    decision: str
    reason: str
    received_by: str
    folder: Path
    verifier: str = ""
    prefix: str = "公受"


class Desk:
    def __init__(self, platform: Platform, manner: Manner, say: Say) -> None:
        self.platform, self.manner, self.say = platform, manner, say
        self._number = 0

    def handle(self, id: str) -> str:
        """From DELIVERED to the decision, each step from where the transfer stands: started again, it goes on. Answers the state."""
        transfer = self.platform.transfer(id)
        if transfer.get("handedAs") != "POLICE":
            return str(transfer["state"])
        if transfer["state"] == "DELIVERED":
            self._check_pack(id)
            transfer = self.platform.sign_receipt(id, self._next("回执"), self.manner.received_by)
            self.say("receipt_signed", transfer_id=id, state=transfer["state"])
        if transfer["state"] == "RECEIPTED":
            transfer = self.platform.start_review(id)
            self.say("review_started", transfer_id=id, state=transfer["state"])
        if transfer["state"] == "POLICE_REVIEW" and self.manner.decision == "file":
            transfer = self.platform.file(id, self._next("立"), self._today(transfer), self.manner.reason or "符合立案条件，决定立案侦查。")
            self.say("filed", transfer_id=id, state=transfer["state"])
        elif transfer["state"] == "POLICE_REVIEW" and self.manner.decision == "refuse":
            transfer = self.platform.refuse(id, self._next("不立"), self._today(transfer), self.manner.reason)
            self.say("refused", transfer_id=id, state=transfer["state"], reason=self.manner.reason)
        return str(transfer["state"])

    def _check_pack(self, id: str) -> None:
        self.manner.folder.mkdir(parents=True, exist_ok=True)
        path = self.manner.folder / f"{id}.zip"
        told = self.platform.fetch_pack(id, path)
        self.say("pack_fetched", transfer_id=id, **told)
        if self.manner.verifier:
            done = subprocess.run([*self.manner.verifier.split(), str(path)], capture_output=True, text=True, check=False)
            self.say("pack_verified", transfer_id=id, good=done.returncode == 0, output=done.stdout.strip()[-400:])
            if done.returncode != 0:
                raise PackDiffers(f"the pack of {id} is not in order: {done.stdout}{done.stderr}")

    def _next(self, word: str) -> str:
        """Numbers of this organ's own papers; a real one takes them from its register."""
        self._number += 1
        return f"{self.manner.prefix}{word}字〔{time.time_ns() // 1_000_000}〕{self._number}号"

    @staticmethod
    def _today(transfer: dict[str, Any]) -> str:
        """The day of the paper by the clock of the platform, which a demonstration sets: that of the last paper in the file."""
        last = max((letter["at"] for letter in transfer.get("letters", []) if letter.get("at")), default="")
        at = datetime.fromisoformat(last.replace("Z", "+00:00")) if last else datetime.now(CHINA)
        return at.astimezone(CHINA).date().isoformat()


def watch(desk: Desk, receiver: Receiver, *, decisions: int, say: Say, seconds: float = 0.0) -> int:
    """Until so many transfers are decided (0: for ever) or so many seconds are over. Answers how many were."""
    done: set[str] = set()
    ends = time.monotonic() + seconds if seconds else float("inf")
    look_at = 0.0

    def one(id: str) -> None:
        if id in done:
            return
        try:
            if desk.handle(id) in {"FILED_POLICE", "NOT_FILED"}:
                done.add(id)
        except ClientRefused:
            raise
        except Refused as refused:
            say("refusal", transfer_id=id, status=refused.status, reason=refused.reason, text=str(refused))
        except httpx.TransportError as error:
            say("away", transfer_id=id, text=str(error))

    def waiting() -> list[str]:
        """An absence of the platform ends nobody's work: it is looked at again later."""
        try:
            return [found["id"] for found in desk.platform.transfers() if found["state"] in WAITING]
        except httpx.TransportError as error:
            say("away", text=str(error))
            return []

    while time.monotonic() < ends and (not decisions or len(done) < decisions):
        if time.monotonic() >= look_at:
            for id in waiting():
                one(id)
            look_at = time.monotonic() + LOOK_SECONDS
            continue
        came = receiver.next(0.5)
        if came is None:
            continue
        id, message = came
        transfer_id = str(message["data"].get("transfer_id", ""))
        say("webhook", id=id, type=message["type"], transfer_id=transfer_id)
        if transfer_id and message["type"] in TOLD:
            one(transfer_id)
    return len(done)
