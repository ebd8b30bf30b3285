"""People who call the public HTTP API, each with a login of his own."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pyotp

PATIENCE = 30.0
PAUSE = 0.1


class Refused(Exception):
    """The platform refused; `reason` is the code of the refusal."""

    def __init__(self, answer: httpx.Response) -> None:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.status, self.reason, self.facts = answer.status_code, problem.get("reason", ""), problem.get("facts", {})
        super().__init__(
            f"{answer.request.method} {answer.request.url.path}: {self.status} {self.reason} {problem.get('detail', '')} {self.facts}"
        )


@dataclass(frozen=True)
class Account:
    """A login. `totp_secret` is empty for those who need no second factor."""

    username: str
    password: str
    totp_secret: str = ""


class Actor:
    """One person at the API. Every write carries a fresh `Idempotency-Key`; a write to something that exists its version."""

    def __init__(self, http: httpx.Client, account: Account) -> None:
        self._http, self._account = http, account
        self._token, self._renew_at = "", 0.0
        self.id, self.name, self.org_path = "", "", ""

    def post(self, path: str, *, version: Any = None, **body: Any) -> dict[str, Any]:
        """Raises: Refused."""
        headers = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._answer("POST", path, headers=headers, json=body)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Raises: Refused."""
        return self._answer("GET", path, params=query)

    def until(self, path: str, holds: Callable[[dict[str, Any]], bool], **query: Any) -> dict[str, Any]:
        """Ask until the answer is as awaited; what services do by events follows within a second or so."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = self.get(path, **query)
            if holds(found):
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} is not as awaited after {PATIENCE:.0f} s: {found}")
            time.sleep(PAUSE)

    def login(self) -> None:
        answer = self._sent("POST", "/v1/login", json={"username": self._account.username, "password": self._account.password})
        tokens = answer.get("tokens")
        if tokens is None:
            code = pyotp.TOTP(self._account.totp_secret).now()
            tokens = self._sent("POST", "/v1/login:verify", json={"challenge": answer["challenge"]["id"], "code": code})
        self._token, self._renew_at = tokens["accessToken"], time.monotonic() + 300
        self.id, self.name, self.org_path = tokens["userId"], tokens["name"], tokens["orgPath"]

    def token(self) -> str:
        """An access token that is still good for some minutes."""
        if time.monotonic() > self._renew_at:
            self.login()
        return self._token

    def _answer(self, method: str, path: str, headers: Mapping[str, str] | None = None, **given: Any) -> dict[str, Any]:
        return self._sent(method, path, headers={**(headers or {}), "Authorization": f"Bearer {self.token()}"}, **given)

    def _sent(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, **given)
        if answer.is_error:
            raise Refused(answer)
        found: dict[str, Any] = answer.json()
        return found
