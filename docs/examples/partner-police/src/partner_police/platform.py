"""The platform as a partner reaches it: a token, then REST."""

import hashlib
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from partner_police.credentials import Credentials

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TRIES = 5


class Refused(Exception):
    """The platform said no, and why."""

    def __init__(self, status: int, reason: str, text: str) -> None:
        super().__init__(f"{status} {reason}: {text}")
        self.status, self.reason = status, reason


class PackDiffers(Exception):
    """The file is not the one that the platform named."""


class Platform:
    def __init__(self, url: str, credentials: Credentials, http: httpx.Client | None = None, *, audience: str = "") -> None:
        self.url, self.credentials = url.rstrip("/"), credentials
        self.http = http or httpx.Client(timeout=60, follow_redirects=False)
        # Under its public name, where this program reaches the platform under another.
        self.audience = audience or f"{self.url}/oauth/token"
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """Kept until a minute before its end."""
        if time.monotonic() < self._until - 60:
            return self._token
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.credentials.assertion(self.audience),
        }
        answer = self.http.post(f"{self.url}/oauth/token", data=form)
        if answer.status_code != 200:
            told = _json(answer)
            raise Refused(answer.status_code, str(told.get("error", "")), str(told.get("error_description", "")))
        given = answer.json()
        self._token, self._until = given["access_token"], time.monotonic() + given["expires_in"]
        return self._token

    def transfers(self, state: str = "") -> list[dict[str, Any]]:
        """All that were handed to this organ."""
        found, page = [], ""
        while True:
            query = {name: value for name, value in (("state", state), ("pageToken", page)) if value}
            answer = self._call("GET", "/v1/partner/transfers", params=query)
            found += answer.get("transfers", [])
            page = answer.get("nextPageToken", "")
            if not page:
                return found

    def transfer(self, id: str) -> dict[str, Any]:
        return self._call("GET", f"/v1/partner/transfers/{id}")

    def act(self, id: str, verb: str, **body: Any) -> dict[str, Any]:
        """One step on a transfer as it stands now. The key makes a repetition of the same request harmless."""
        version = self.transfer(id)["version"]
        headers = {"if-match": f'"{version}"', "idempotency-key": str(uuid4())}
        return self._call("POST", f"/v1/partner/transfers/{id}:{verb}", headers=headers, json=body)

    def sign_receipt(self, id: str, number: str, received_by: str) -> dict[str, Any]:
        return self.act(id, "receipt", number=number, receivedBy=received_by)

    def demand_supplement(self, id: str, number: str, missing: list[str]) -> dict[str, Any]:
        return self.act(id, "demandSupplement", number=number, missing=missing)

    def start_review(self, id: str) -> dict[str, Any]:
        return self.act(id, "startReview")

    def file(self, id: str, number: str, dated_on: str, text: str) -> dict[str, Any]:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return self.act(id, "file", number=number, datedOn=dated_on, text=text, sha256=digest, copiedToProcuratorate=True)

    def refuse(self, id: str, number: str, dated_on: str, reason: str) -> dict[str, Any]:
        digest = hashlib.sha256(reason.encode()).hexdigest()
        given = {"number": number, "datedOn": dated_on, "reason": reason, "sha256": digest}
        return self.act(id, "refuseFiling", **given, fileReturned=True, copiedToProcuratorate=True)

    def sign_materials(self, id: str, number: str, received_by: list[str]) -> dict[str, Any]:
        return self.act(id, "signMaterials", number=number, receivedBy=received_by)

    def fetch_pack(self, id: str, path: Path) -> dict[str, Any]:
        """The file of the package, compared with the digest that the platform named. `anzhi-verify` then proves what is in it."""
        told = self._call("GET", f"/v1/partner/transfers/{id}/package")
        digest, size = hashlib.sha256(), 0
        with self.http.stream("GET", told["url"]) as answer, path.open("wb") as file:
            if answer.status_code != 200:
                raise Refused(answer.status_code, "PACK_NOT_THERE", "the store does not give the file")
            for piece in answer.iter_bytes():
                digest.update(piece)
                size += len(piece)
                file.write(piece)
        if digest.hexdigest() != told["sha256"] or size != int(told["size"]):
            path.unlink()
            raise PackDiffers(f"{size} bytes with SHA-256 {digest.hexdigest()}; told were {told['size']} with {told['sha256']}")
        return {"path": str(path), "sha256": told["sha256"], "size": size}

    def register_endpoint(self, url: str) -> dict[str, Any]:
        """The secret in the answer is shown this once."""
        return self._call("POST", "/v1/partner/webhooks", headers={"idempotency-key": str(uuid4())}, json={"url": url})

    def endpoints(self) -> list[dict[str, Any]]:
        return list(self._call("GET", "/v1/partner/webhooks").get("endpoints", []))

    def disable_endpoint(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        headers = {"if-match": f'"{endpoint["version"]}"', "idempotency-key": str(uuid4())}
        return self._call("POST", f"/v1/partner/webhooks/{endpoint['id']}:disable", headers=headers, json={})

    def deliveries(self) -> list[dict[str, Any]]:
        return list(self._call("GET", "/v1/partner/deliveries").get("deliveries", []))

    def replay(self, delivery: dict[str, Any]) -> dict[str, Any]:
        headers = {"if-match": f'"{delivery["version"]}"', "idempotency-key": str(uuid4())}
        return self._call("POST", f"/v1/partner/deliveries/{delivery['id']}:replay", headers=headers, json={})

    def _call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **given: Any) -> dict[str, Any]:
        """Above the quota, or where a part is away, it waits as it is told and sends the same request again."""
        answer: httpx.Response | None = None
        for tries in range(TRIES):
            sent = {"authorization": f"Bearer {self.token()}", "accept-language": "zh", **(headers or {})}
            answer = self.http.request(method, f"{self.url}{path}", headers=sent, **given)
            if answer.status_code not in {429, 503} or tries == TRIES - 1:
                break
            time.sleep(min(int(answer.headers.get("retry-after", "1")), 60))
        assert answer is not None
        if answer.status_code != 200:
            told = _json(answer)
            raise Refused(answer.status_code, str(told.get("reason", "")), str(told.get("message") or told.get("detail", "")))
        return dict(answer.json())


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        return dict(answer.json())
    except ValueError:
        return {"detail": answer.text[:200]}
