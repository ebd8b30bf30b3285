"""Bodies and people for demonstrations, and the first administrator. Passwords are made here and told once, to whoever ran it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from kernel.codes import uscc_check
from kernel.moves import SYSTEM, Facts
from servicekit.clock import root_of
from servicekit.db import Sessions, facts_for, transaction
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from identity.adapters import tables
from identity.adapters.demo_partners import DemoPartners
from identity.adapters.passwords import Argon, Totp, new_password
from identity.adapters.reference import DATA
from identity.adapters.store import Store
from identity.adapters.vault import Vault
from identity.domain.certificate import OfficerCertificate
from identity.domain.entrustment import Entrustment
from identity.domain.login import check_password
from identity.domain.org import CounterpartKind, OrgUnit, PaymentAccount, shipped_id
from identity.domain.user import User, normal

_PEOPLE = uuid5(NAMESPACE_URL, "https://anzhi.example/demo-people")
ALWAYS = date(2000, 1, 1)


def demo_id(username: str) -> UUID:
    return uuid5(_PEOPLE, username)


async def bootstrap(sessions: Sessions, argon: Argon, *, username: str, password: str, root: str) -> bool:
    """The first administrator, from an operator's secret, to be changed at the first login. False: he was there already."""
    username = normal(username)
    check_password(password, username)
    async with transaction(sessions, Store, jobs=True, scope="/", root=root_of(root)) as uow:
        await _alone(uow)
        if await uow.one(select(User).where(tables.users.c.username == username)) is not None:
            return False
        facts = await facts_for(sessions, uow, SYSTEM)
        user, created = User.create(
            await uow.org_unit(shipped_id(root)),
            username=username,
            name="系统管理员",
            post="",
            phone="",
            legal_qualification="",
            second_factor_required=True,
            facts=facts,
        )
        uow.record(created)
        # Not of today: the legal clock of a story may go back behind it.
        uow.record(user.grant("ADMIN", valid_from_on=ALWAYS, valid_to_on=None, facts=facts))
        await uow.new_user(user)
        await _password(uow, user, await argon.hash(password), must_change=True)
    return True


class Demo:
    def __init__(self, sessions: Sessions, argon: Argon, vault: Vault, told: Path) -> None:
        self._sessions, self._argon, self._vault, self._told = sessions, argon, vault, told
        self._data: Mapping[str, Any] = json.loads((DATA / "demo.json").read_text("utf-8"))

    async def load(self) -> None:
        """Idempotent. Who is not in the file of accounts gets a new password."""
        known = {account["username"]: account for account in json.loads(self._told.read_text("utf-8"))} if self._told.exists() else {}
        accounts = []
        async with transaction(self._sessions, Store, jobs=True, scope="/", root="/44/") as uow:
            await _alone(uow)
            facts = await facts_for(self._sessions, uow, SYSTEM)
            for body in self._data["bodies"]:
                await self._body(uow, body, facts)
            for entrustment in self._data["entrustments"]:
                await self._entrustment(uow, entrustment, facts)
            for person in self._data["users"]:
                accounts.append(await self._person(uow, person, known.get(person["username"]), facts))
            for partner in self._data["partners"]:
                await DemoPartners(self._told.parent / "partners").load(uow, partner, facts)
        self._told.touch(mode=0o600)
        self._told.write_text(json.dumps(accounts, ensure_ascii=False, indent=1) + "\n", "utf-8")

    async def _body(self, uow: Store, given: Mapping[str, Any], facts: Facts) -> None:
        unit: OrgUnit = await uow.org_unit(shipped_id(given["path"]))
        if unit.address:
            return
        first17 = given["uscc_first17"]
        unit.amend(
            name="",
            uscc=first17 + uscc_check(first17) if first17 else "",
            doc_abbr="",
            address=given["address"],
            postcode=given["postcode"],
            phone=given["phone"],
            payment=PaymentAccount(**given["payment"]) if "payment" in given else None,
            seal_name="",
            min_attendees=0,
            facts=facts,
        )
        if "court" in given:
            unit.set_counterpart(
                CounterpartKind.COURT, name=given["court"], address="", org_id="", valid_from_on=ALWAYS, valid_to_on=None, facts=facts
            )
        await uow.flush()

    async def _entrustment(self, uow: Store, given: Mapping[str, Any], facts: Facts) -> None:
        grantor, grantee = await uow.org_unit(shipped_id(given["grantor"])), await uow.org_unit(shipped_id(given["grantee"]))
        if await uow.entrustments_to(grantee.id):
            return
        made, entrusted = Entrustment.entrust(
            grantor,
            grantee,
            matter=given["matter"],
            powers=given["powers"],
            basis=given["basis"],
            published_in=given["published_in"],
            published_on=date.fromisoformat(given["published_on"]),
            valid_from_on=date.fromisoformat(given["valid_from_on"]),
            valid_to_on=date.fromisoformat(given["valid_to_on"]),
            facts=facts,
            verified=False,
        )
        uow.add(made)
        uow.record(entrusted)

    async def _person(self, uow: Store, given: Mapping[str, Any], told: Mapping[str, Any] | None, facts: Facts) -> Mapping[str, Any]:
        id = demo_id(given["username"])
        user = await uow.one(select(User).where(tables.users.c.id == id))
        if user is not None and told is not None:
            return told
        if user is None:
            user = await self._new(uow, id, given, facts)
        password = new_password()
        secret = Totp().secret() if given.get("second_factor") else ""
        sealed = self._vault.seal(secret.encode(), f"totp {id}") if secret else None
        if secret and not user.second_factor_enrolled:
            user.enrol_second_factor(facts)
        await _password(uow, user, await self._argon.hash(password), must_change=False, totp_secret=sealed)
        return {
            "username": user.username,
            "name": user.name,
            "roles": given["roles"],
            "org_path": user.org_path,
            "org_id": str(user.org_id),
            "user_id": str(id),
            "password": password,
            "totp_secret": secret,
        }

    async def _new(self, uow: Store, id: UUID, given: Mapping[str, Any], facts: Facts) -> User:
        user, created = User.create(
            await uow.org_unit(shipped_id(given["org"])),
            username=given["username"],
            name=given["name"],
            post=given["post"],
            phone="",
            legal_qualification=given.get("legal_qualification", ""),
            second_factor_required=bool(given.get("second_factor")),
            facts=facts,
            id=id,
        )
        for role in given["roles"]:
            user.grant(role, valid_from_on=date.fromisoformat(self._data["roles_from"]), valid_to_on=None, facts=facts)
        await uow.new_user(user)
        uow.record(user.changed(created.change, facts))
        if "certificate" in given:
            await self._certificates(uow, user, given, facts)
        return user

    async def _certificates(self, uow: Store, user: User, given: Mapping[str, Any], facts: Facts) -> None:
        shared, before = self._data["certificates"], None
        for first, last in shared["terms"]:
            certificate, issued = OfficerCertificate.issue(
                user_id=user.id,
                org_path=user.org_path,
                number=given["certificate"],
                issuer=shared["issuer"],
                categories=shared["categories"],
                region_codes=[given["region"]],
                valid_from_on=date.fromisoformat(first),
                valid_to_on=date.fromisoformat(given.get("certificate_to", last)),
                facts=facts,
                renews_id=before,
                verified=False,
            )
            uow.add(certificate)
            uow.record(issued)
            before = certificate.id
            if "certificate_to" in given:
                break


async def _alone(uow: Store) -> None:
    """Two loads at once would each find nobody there."""
    await uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("identity people", 0))))


async def _password(uow: Store, user: User, password_hash: str, *, must_change: bool, totp_secret: bytes | None = None) -> None:
    given = {"password_hash": password_hash, "must_change": must_change, "totp_secret": totp_secret}
    row = upsert(tables.credentials).values(user_id=user.id, org_path=user.org_path, **given)
    await uow.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=given))
    line = {"org_path": user.org_path, "user_id": user.id, "username": user.username, "outcome": "PASSWORD_RESET"}
    await uow.session.execute(insert(tables.logins), {**line, "by": SYSTEM.id, "client": "", "trace_id": ""})
