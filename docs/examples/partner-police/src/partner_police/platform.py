"""The platform as a partner reaches it: a token, then REST."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from partner_police.credentials import Credentials

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TRIES = 5
LONGEST_PAUSE = 60.0
# A token is renewed so long before its end.
EARLY_SECONDS = 60


class Refused(Exception):
    """The platform said no, and why: `problem` is its answer (RFC 9457)."""

    def __init__(self, status: int, reason: str, text: str, problem: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {reason}: {text}")
        self.status, self.reason, self.problem = status, reason, problem or {}


class ClientRefused(Refused):
    """The token endpoint gave no token (RFC 6749 5.2)."""


class PackDiffers(Exception):
    """The file is not the one that the platform named."""


class Platform:
    def __init__(
        self,
        url: str,
        credentials: Credentials,
        http: httpx.Client | None = None,
        *,
        audience: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url, self.credentials = url.rstrip("/"), credentials
        self.http = http or httpx.Client(timeout=60, follow_redirects=False)
        # Under its public name, where this program reaches the platform under another.
        self.audience = audience or f"{self.url}/oauth/token"
        self._sleep = sleep
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """Kept until shortly before its end. Raises: ClientRefused."""
        if not self._token or time.monotonic() >= self._until:
            given = self._fetch_token()
            self._token, self._until = given["access_token"], time.monotonic() + given["expires_in"] - EARLY_SECONDS
        return self._token

    def _fetch_token(self) -> dict[str, Any]:
        def ask() -> httpx.Response:
            # An assertion counts once: a new one for each try.
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self.credentials.assertion(self.audience),
            }
            return self.http.post(f"{self.url}/oauth/token", data=form)

        answer = self._patiently(ask)
        told = _json(answer)
        if answer.status_code != 200:
            raise ClientRefused(answer.status_code, str(told.get("error", "")), str(told.get("error_description", "")), told)
        return told

    def transfers(self, state: str = "") -> list[dict[str, Any]]:
        """All that were handed to this organ."""
        return self._all("/v1/partner/transfers", "transfers", state=state)

    def transfer(self, id: str) -> dict[str, Any]:
        return self._call("GET", f"/v1/partner/transfers/{id}")

    def act(self, id: str, verb: str, **body: Any) -> dict[str, Any]:
        """One step on a transfer as it stands now."""
        return self._write(f"/v1/partner/transfers/{id}:{verb}", body, version=self.transfer(id)["version"])

    def sign_receipt(self, id: str, number: str, received_by: str) -> dict[str, Any]:
        return self.act(id, "receipt", number=number, receivedBy=received_by)

    def demand_supplement(self, id: str, number: str, missing: list[str]) -> dict[str, Any]:
        return self.act(id, "demandSupplement", number=number, missing=missing)

    def start_review(self, id: str) -> dict[str, Any]:
        return self.act(id, "startReview")

    def file(self, id: str, number: str, dated_on: str, text: str, sha256: str = "") -> dict[str, Any]:
        told = {"number": number, "datedOn": dated_on, "text": text, "sha256": sha256 or digest_of(text)}
        return self.act(id, "file", **told, copiedToProcuratorate=True)

    def refuse(self, id: str, number: str, dated_on: str, reason: str, sha256: str = "") -> dict[str, Any]:
        told = {"number": number, "datedOn": dated_on, "reason": reason, "sha256": sha256 or digest_of(reason)}
        return self.act(id, "refuseFiling", **told, fileReturned=True, copiedToProcuratorate=True)

    def sign_materials(self, id: str, number: str, received_by: list[str]) -> dict[str, Any]:
        return self.act(id, "signMaterials", number=number, receivedBy=received_by)

    def decide_reconsideration(self, id: str, number: str, dated_on: str, reason: str, *, filed: bool, sha256: str = "") -> dict[str, Any]:
        told = {"number": number, "datedOn": dated_on, "reason": reason, "sha256": sha256 or digest_of(reason)}
        return self.act(id, "decideReconsideration", filed=filed, **told)

    def record_result(self, id: str, result: str, number: str, dated_on: str, text: str, sha256: str = "") -> dict[str, Any]:
        told = {"number": number, "datedOn": dated_on, "text": text, "sha256": sha256 or digest_of(text)}
        return self.act(id, "recordResult", result=result, **told)

    def fetch_pack(self, id: str, path: Path) -> dict[str, Any]:
        """The file of the package, compared with the digest that the platform named. `anzhi-verify` then proves what is in it.

        The address is good for some minutes and needs no token: the store must not see ours. Raises: PackDiffers.
        """
        told = self._call("GET", f"/v1/partner/transfers/{id}/package")
        partial = path.with_name(f"{path.name}.part")
        digest, size = hashlib.sha256(), 0
        try:
            with self.http.stream("GET", told["url"]) as answer, partial.open("wb") as file:
                if answer.status_code != 200:
                    raise Refused(answer.status_code, "PACK_NOT_THERE", "the store does not give the file")
                for piece in answer.iter_bytes():
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
            if digest.hexdigest() != told["sha256"] or size != int(told["size"]):
                raise PackDiffers(f"{size} bytes with SHA-256 {digest.hexdigest()}; told were {told['size']} with {told['sha256']}")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return {"path": str(path), "sha256": told["sha256"], "size": size}

    def register_endpoint(self, url: str) -> dict[str, Any]:
        """The secret in the answer is shown this once."""
        return self._write("/v1/partner/webhooks", {"url": url})

    def endpoints(self) -> list[dict[str, Any]]:
        return list(self._call("GET", "/v1/partner/webhooks").get("endpoints", []))

    def disable_endpoint(self, id: str) -> dict[str, Any]:
        found = _one(self.endpoints(), id)
        return self._write(f"/v1/partner/webhooks/{id}:disable", {}, version=found["version"])

    def deliveries(self) -> list[dict[str, Any]]:
        return self._all("/v1/partner/deliveries", "deliveries")

    def replay(self, id: str) -> dict[str, Any]:
        found = _one(self.deliveries(), id)
        return self._write(f"/v1/partner/deliveries/{id}:replay", {}, version=found["version"])

    def _all(self, path: str, name: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = ""
        while True:
            given = {key: value for key, value in {**query, "pageToken": page}.items() if value}
            answer = self._call("GET", path, params=given)
            found += answer.get(name, [])
            page = answer.get("nextPageToken", "")
            if not page:
                return found

    def _write(self, path: str, body: dict[str, Any], *, version: str | int | None = None) -> dict[str, Any]:
        """The key makes a repetition of the same request harmless; If-Match refuses what was changed since it was read."""
        headers = {"idempotency-key": str(uuid4()), **({"if-match": f'"{version}"'} if version is not None else {})}
        return self._call("POST", path, headers=headers, json=body)

    def _call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **given: Any) -> dict[str, Any]:
        def ask() -> httpx.Response:
            sent = {"authorization": f"Bearer {self.token()}", "accept-language": "zh", **(headers or {})}
            return self.http.request(method, f"{self.url}{path}", headers=sent, **given)

        answer = self._patiently(ask)
        if answer.status_code == 401:
            # The token ended before its time, such as by a change of keys of the platform.
            self._token = ""
            answer = self._patiently(ask)
        told = _json(answer)
        if answer.status_code != 200:
            text = str(told.get("message") or told.get("detail", ""))
            raise Refused(answer.status_code, str(told.get("reason", "")), text, told)
        return told

    def _patiently(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Above the quota (429), or where a part is away (503), wait as told and ask the same again; a broken line likewise."""
        for tries in range(1, TRIES + 1):
            try:
                answer = ask()
            except httpx.TransportError:
                if tries == TRIES:
                    raise
                self._sleep(2.0 ** (tries - 1))
                continue
            if answer.status_code not in {429, 503} or tries == TRIES:
                return answer
            self._sleep(pause_of(answer.headers.get("retry-after", "")))
        raise AssertionError("the last try answers or raises")


def digest_of(text: str) -> str:
    """Stands for the digest of the scanned paper, which a real organ computes from its file."""
    return hashlib.sha256(text.encode()).hexdigest()


def pause_of(retry_after: str) -> float:
    """Seconds, or a date (RFC 9110 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after), LONGEST_PAUSE)
    try:
        left = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 1.0
    return min(max(left, 0.0), LONGEST_PAUSE)


def _one(found: list[dict[str, Any]], id: str) -> dict[str, Any]:
    for each in found:
        if each["id"] == id:
            return each
    raise Refused(404, "NOT_FOUND", f"{id} is none of ours")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        return dict(answer.json())
    except ValueError:
        return {"detail": answer.text[:200]}
