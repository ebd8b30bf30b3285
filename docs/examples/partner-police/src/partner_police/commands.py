"""The command line: which commands there are, what they take, and which call of the platform each is."""

import argparse
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from partner_police.platform import Platform
from partner_police.work import CHINA

Call = Callable[[Platform, argparse.Namespace], Any]
RESULTS = ("PROSECUTED", "WITHDRAWN_POLICE", "NOT_PROSECUTED")


def parser(text: str | None) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="partner-police", description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    env = os.environ.get
    made.add_argument("--base-url", default=env("ANZHI_URL"), help="of the platform, such as https://anzhi.example.cn (ANZHI_URL)")
    made.add_argument("--client-id", default=env("ANZHI_CLIENT_ID"), help="as it was registered (ANZHI_CLIENT_ID)")
    made.add_argument("--key", type=Path, default=env("ANZHI_KEY"), help="file of the private key, PEM (ANZHI_KEY)")
    made.add_argument("--kid", default="", help="id of the key, if it is not its thumbprint")
    made.add_argument("--audience", default="", help="the token endpoint under its public name, if --base-url is another")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, call: Call | None = None, *, id: bool = True) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=call)
        if id:
            one.add_argument("id", help="of the transfer")
        return one

    command("jwks", "the public key, to be given to the administrator of the platform", id=False)
    command("check", "get a token: are name, key and clock right?", check, id=False)
    listed = command("list", "transfers handed to us", lambda p, g: p.transfers(g.state), id=False)
    listed.add_argument("--state", default="")
    command("show", "one transfer", lambda p, g: p.transfer(g.id))
    download = command("download", "the package, compared with the digest that was told", lambda p, g: p.fetch_pack(g.id, g.to))
    download.add_argument("--to", type=Path, required=True)
    steps(command)
    webhooks(command)
    return made


def check(platform: Platform, given: argparse.Namespace) -> dict[str, Any]:
    return {"client_id": given.client_id, "kid": platform.credentials.kid, "token": bool(platform.token())}


def steps(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("receipt", "sign the receipt (C11)", lambda p, g: p.sign_receipt(g.id, g.number, g.received_by))
    one.add_argument("--received-by", required=True)
    paper(one, dated=False)
    one = command("demand-supplement", "say what is missing (C12)", lambda p, g: p.demand_supplement(g.id, g.number, g.missing))
    one.add_argument("--missing", action="append", required=True, help="once for each thing")
    paper(one, dated=False)
    command("start-review", "begin the review (C14)", lambda p, g: p.start_review(g.id))
    one = command("file", "file the case (C16)", lambda p, g: p.file(g.id, g.number, g.dated_on, g.text, g.sha256))
    one.add_argument("--text", default="符合立案条件，决定立案侦查。")
    paper(one)
    one = command("refuse", "do not file, with reasons (C17)", lambda p, g: p.refuse(g.id, g.number, g.dated_on, g.reason, g.sha256))
    one.add_argument("--reason", required=True)
    paper(one)
    one = command(
        "decide-reconsideration",
        "decide what the authority asked to be decided again (C20)",
        lambda p, g: p.decide_reconsideration(g.id, g.number, g.dated_on, g.reason, filed=g.outcome == "filed", sha256=g.sha256),
    )
    one.add_argument("--outcome", choices=("filed", "upheld"), required=True)
    one.add_argument("--reason", required=True)
    paper(one)
    one = command("sign-materials", "sign for objects and materials (C25)", lambda p, g: p.sign_materials(g.id, g.number, g.received_by))
    one.add_argument("--received-by", action="append", required=True, help="once for each person")
    paper(one, dated=False)
    one = command(
        "record-result",
        "what became of the case (C26)",
        lambda p, g: p.record_result(g.id, g.result, g.number, g.dated_on, g.text, g.sha256),
    )
    one.add_argument("--result", choices=RESULTS, required=True)
    one.add_argument("--text", required=True)
    paper(one)
    one = command("act", "any other step of the contract", lambda p, g: p.act(g.id, g.verb, **g.body))
    one.add_argument("verb", help="such as extendReview, forward, decline, takeUp, return")
    one.add_argument("body", type=fields, nargs="?", default={}, help="fields of the step, a JSON object")


def paper(one: argparse.ArgumentParser, *, dated: bool = True) -> None:
    one.add_argument("--number", required=True, help="of our paper")
    if dated:
        one.add_argument("--dated-on", default=datetime.now(CHINA).date().isoformat(), help="day of our paper, YYYY-MM-DD; else today")
        one.add_argument("--sha256", default="", help="digest of the scanned paper; else of its text here")


def webhooks(command: Callable[..., argparse.ArgumentParser]) -> None:
    one = command("register-webhook", "have events sent to an address", register, id=False)
    one.add_argument("url")
    one.add_argument("--secret-file", type=Path, help="write the secret there (mode 600) instead of showing it")
    command("webhooks", "our endpoints", lambda p, _: p.endpoints(), id=False)
    one = command("disable-webhook", "no further events to this endpoint", lambda p, g: p.disable_endpoint(g.endpoint_id), id=False)
    one.add_argument("endpoint_id")
    command("deliveries", "the log of what was sent to us", lambda p, _: p.deliveries(), id=False)
    command("replay", "have it sent again", lambda p, g: p.replay(g.delivery_id), id=False).add_argument("delivery_id")
    one = command("listen", "receive events: verify, keep, answer", id=False)
    one.add_argument("--to", type=Path, default=Path("events.jsonl"), help="file to which each proven event is appended")
    one.add_argument("--secret-file", type=Path, help="as register-webhook wrote it; else ANZHI_WEBHOOK_SECRET")
    one.add_argument("--count", type=int, default=0, help="end after so many events; 0: go on")
    ending(one)
    one = command("watch", "register a webhook and handle what is handed over", id=False)
    one.add_argument("--public", default="", help="our address as the platform reaches it, if another")
    one.add_argument("--decide", choices=("review", "file", "refuse"), default="review", help="how far to go without a person")
    one.add_argument("--reason", default="")
    one.add_argument("--received-by", default="值班民警")
    one.add_argument("--folder", type=Path, default=Path("packs"))
    one.add_argument("--verifier", default="", help="command that verifies a pack, such as anzhi-verify")
    one.add_argument("--decisions", type=int, default=0, help="end after so many; 0: go on")
    ending(one)


def place(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def fields(text: str) -> dict[str, Any]:
    given = json.loads(text)
    if not isinstance(given, dict):
        raise argparse.ArgumentTypeError("a JSON object")
    return given


def ending(one: argparse.ArgumentParser) -> None:
    one.add_argument("--listen", type=place, default=("127.0.0.1", 0), metavar="HOST:PORT", help="0: any free port")
    one.add_argument("--seconds", type=float, default=0.0, help="end after so many; 0: go on")


def register(platform: Platform, given: argparse.Namespace) -> dict[str, Any]:
    if given.secret_file is None:
        return platform.register_endpoint(given.url)
    # Made before the call, for the secret is shown once; an old one stays until there is a new one.
    partial = given.secret_file.with_name(f"{given.secret_file.name}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            registered = platform.register_endpoint(given.url)
            file.write(registered.pop("secret") + "\n")
        partial.replace(given.secret_file)
    finally:
        partial.unlink(missing_ok=True)
    return {**registered, "secretFile": str(given.secret_file)}
