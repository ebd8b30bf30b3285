"""`helm test`: login → task → list of work → document under seal → public verification, by HTTP through the gateway.

Needs only Python. BASE_URL: where to knock. ACCOUNTS: a JSON list of officers, each with username, password, totp_secret, roles,
org_path; of one body two with OFF (one of them LEAD) and one with UNIT, and one with DEP there or above. What the walk enters
bears 冒烟测试 in its title, and the task is cancelled at the end. Exit 0: walked; 1: a step failed; 2: it could not begin.
"""

import base64
import hashlib
import hmac
import json
import os
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta, timezone

PATIENCE = float(os.environ.get("PATIENCE", "60"))
SHANGHAI = timezone(timedelta(hours=8))
# A unit that exists in no register; its name says what it is.
UNIT = {
    "name": "冒烟测试用单位",
    "address": "冒烟测试路1号",
    "legalRepresentative": "测试",
    "phone": "020-00000000",
    "industryCode": "C3421",
    "grade": "GENERAL",
}
UNSEALED = {"DRAFT", "IN_REVIEW", "APPROVED", "NUMBERED", "SIGNED"}


class Failed(Exception):
    """A step did not end as it must."""


def totp(secret: str) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def credit_code(region: str) -> str:
    """A unified social credit code of its region, with the check character of GB 32100."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    first = f"91{region[:6]}MA00T35T0"
    return first + alphabet[-sum(alphabet.index(char) * pow(3, place, 31) for place, char in enumerate(first)) % 31]


def sent(method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(
        os.environ["BASE_URL"].rstrip("/") + path, data, {"Content-Type": "application/json", **(headers or {})}, method=method
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            content = answer.read()
            return json.loads(content) if "json" in answer.headers.get("content-type", "") else {"text": content.decode()}
    except urllib.error.HTTPError as error:
        raise Failed(f"{method} {path}: {error.code} {error.read().decode(errors='replace')[:400]}") from error
    except (OSError, ValueError) as error:
        raise Failed(f"{method} {path}: {error}") from error


class Officer:
    def __init__(self, account: dict) -> None:
        answer = sent("POST", "/v1/login", {"username": account["username"], "password": account["password"]})
        if "tokens" not in answer:
            code = totp(account["totp_secret"])
            answer = {"tokens": sent("POST", "/v1/login:verify", {"challenge": answer["challenge"]["id"], "code": code})}
        tokens = answer["tokens"]
        self.id, self.name, self.org_path, self._token = tokens["userId"], tokens["name"], tokens["orgPath"], tokens["accessToken"]

    def get(self, path: str, **query: str) -> dict:
        asked = f"{path}?{urllib.parse.urlencode(query)}" if query else path
        return sent("GET", asked, headers={"Authorization": f"Bearer {self._token}"})

    def post(self, path: str, version: object = None, **body: object) -> dict:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(uuid.uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return sent("POST", path, body, headers)


def until(what: str, ask, holds) -> dict:
    """What other services do by events follows within a second or so."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = ask()
        if holds(found):
            return found
        if time.monotonic() > deadline:
            raise Failed(f"{what} is not so after {PATIENCE:.0f} s: {json.dumps(found, ensure_ascii=False)[:400]}")
        time.sleep(0.3)


def chosen(accounts: list[dict]) -> dict[str, dict]:
    """Lead, officer and head of unit of one body, and a deputy there or above."""
    for lead in (account for account in accounts if "LEAD" in account["roles"]):
        there = [account for account in accounts if account["org_path"] == lead["org_path"] and account is not lead]
        officer = next((account for account in there if "OFF" in account["roles"]), None)
        unit = next((account for account in there if "UNIT" in account["roles"]), None)
        dep = next(
            (account for account in accounts if "DEP" in account["roles"] and lead["org_path"].startswith(account["org_path"])), None
        )
        if officer and unit and dep:
            return {"lead": lead, "officer": officer, "unit": unit, "dep": dep}
    raise LookupError("no body with officers of the roles LEAD, OFF and UNIT, and DEP there or above")


def walk(accounts: list[dict], step) -> None:
    people = chosen(accounts)
    step("ready", lambda: until("the gateway", lambda: sent("GET", "/readyz"), lambda answer: answer["status"] == "SERVING")["status"])
    cast: dict[str, Officer] = {}
    for part, account in people.items():
        step(
            f"login of {account['username']}",
            lambda part=part, account=account: cast.update({part: Officer(account)}) or cast[part].org_path,
        )
    lead, officer, unit, dep = (cast[part] for part in ("lead", "officer", "unit", "dep"))

    def enterprise() -> str:
        region = lead.get("/v1/me")["org"]["regionCode"]
        unit = {**UNIT, "code": credit_code(region), "regionCode": region, "orgPath": lead.org_path}
        found = lead.get("/v1/enterprises", q=unit["code"]).get("enterprises", [])
        return (found[0] if found else lead.post("/v1/enterprises", confirmCode=False, **unit))["id"]

    enterprise_id = step("enterprise", enterprise)
    opened = step(
        "task",
        lambda: lead.post(
            "/v1/inspections",
            source="PLAN_GENERAL",
            sourceRef="冒烟测试",
            title="冒烟测试（自动撤销）",
            enterpriseId=enterprise_id,
            category="WORK_SAFETY",
        )["id"],
    )
    path = f"/v1/inspections/{opened}"

    def moved(verb: str, by: Officer, **body: object) -> str:
        version = lead.get(path)["inspection"]["version"]
        return by.post(f"{path}:{verb}", version, **body)["state"]

    try:
        step("assigned", lambda: moved("assign", unit, officerIds=[lead.id, officer.id], leadId=lead.id))
        step(
            "list of work",
            lambda: (
                until(
                    "the task among the lead's to-dos",
                    lambda: lead.get("/v1/todos"),
                    lambda answer: any(opened in json.dumps(row) for row in answer.get("todos", [])),
                )
                and "the task is in it"
            ),
        )
        document_id, number = step("document", lambda: scheme(lead, unit, dep, opened, moved))
        step("public verification", lambda: verified(document_id, number))
    finally:
        step("cancelled", lambda: moved("move", unit, move="cancel", reason="冒烟测试结束，自动撤销"))


def scheme(lead: Officer, unit: Officer, dep: Officer, opened: str, moved) -> tuple[str, str]:
    """The scheme of the inspection, reviewed, approved, numbered and sealed: events, timers, store and press take part."""
    now = lead.get("/v1/legal-now", root=f"/{lead.org_path.split('/')[1]}/")["at"]
    day = (datetime.fromisoformat(now.replace("Z", "+00:00")).astimezone(SHANGHAI) + timedelta(days=1)).replace(
        minute=0, second=0, microsecond=0
    )
    instants = [day.replace(hour=hour).astimezone(UTC).isoformat().replace("+00:00", "Z") for hour in (9, 17)]
    moved(
        "submitScheme",
        lead,
        windowFrom=instants[0],
        windowTo=instants[1],
        content="冒烟测试",
        method="冒烟测试",
        checkItemIds=["WSL-30.1-1"],
    )
    drafted = lead.post("/v1/documents", form="F02", objectKind="inspection", objectId=opened, content={"contact": "测试"})
    frozen = lead.post(f"/v1/documents/{drafted['id']}:submit", drafted["version"])
    for reviewer in (unit, dep):
        reviewer.post(
            f"/v1/documents/{frozen['id']}:sign",
            capacity="REVIEWER",
            method="CERTIFICATE",
            bodyDigest=frozen["bodyDigest"],
            deviceId="smoke",
            opinion="同意",
        )
    moved("approveScheme", dep, documentId=frozen["id"])
    sealed = until(
        "the document under seal", lambda: lead.get(f"/v1/documents/{frozen['id']}"), lambda found: found["state"] not in UNSEALED
    )
    return frozen["id"], sealed["number"]


def verified(document_id: str, number: str) -> str:
    """What the QR code on the paper leads to, for anyone."""
    page = sent("GET", f"/v/{document_id}")["text"]
    if number not in page:
        raise Failed(f"the page of the document does not show its number {number}")
    return f"the page shows {number}"


def main() -> int:
    try:
        with open(os.environ["ACCOUNTS"], encoding="utf-8") as file:  # noqa: PTH123 - one file, no more
            accounts = json.load(file)
        chosen(accounts)
    except (KeyError, OSError, ValueError, LookupError) as error:
        print(f"the walk cannot begin: {error}", flush=True)
        return 2
    begin = time.monotonic()

    def step(name: str, do):
        began = time.monotonic()
        try:
            told = do()
        except (Failed, LookupError, TypeError, ValueError) as error:
            print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
            raise Failed(name) from error
        print(f"ok      {name}: {told} ({time.monotonic() - began:.1f} s)", flush=True)
        return told

    try:
        walk(accounts, step)
    except Failed:
        return 1
    print(f"walked in {time.monotonic() - begin:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
