"""`partner-police --url URL --client-id ID --key FILE COMMAND …`. Answers are JSON on stdout, one object a line."""

import argparse
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from partner_police.credentials import Credentials
from partner_police.platform import PackDiffers, Platform, Refused
from partner_police.webhooks import Receiver
from partner_police.work import CHINA, Desk, Manner, watch


def say(event: str, **told: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **told}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def show(answer: Any) -> None:
    for one in answer if isinstance(answer, list) else [answer]:
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="partner-police", description=__doc__)
    env = os.environ.get
    made.add_argument("--url", default=env("ANZHI_URL"), help="of the platform, such as https://anzhi.example.cn (ANZHI_URL)")
    made.add_argument("--client-id", default=env("ANZHI_CLIENT_ID"), help="as it was registered (ANZHI_CLIENT_ID)")
    made.add_argument("--key", type=Path, default=env("ANZHI_KEY"), help="file of the private key, PEM (ANZHI_KEY)")
    made.add_argument("--kid", default="", help="id of the key, if it is not its thumbprint")
    made.add_argument("--audience", default="", help="the token endpoint under its public name, if --url is another")
    today = datetime.now(CHINA).date().isoformat()
    commands = made.add_subparsers(dest="command", required=True)

    def command(name: str, text: str, *, id: bool = False) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text)
        if id:
            one.add_argument("id", help="of the transfer")
        return one

    command("jwks", "the public key, to be given to the administrator of the platform")
    command("check", "get a token: are name, key and clock right?")
    command("list", "transfers handed to us").add_argument("--state", default="")
    command("show", "one transfer", id=True)
    command("fetch", "the package, compared with its digest", id=True).add_argument("--to", type=Path, required=True)
    receipt = command("receipt", "sign the receipt", id=True)
    receipt.add_argument("--number", required=True)
    receipt.add_argument("--received-by", required=True)
    missing = command("supplement", "say what is missing, within 24 hours of the receipt", id=True)
    missing.add_argument("--number", required=True)
    missing.add_argument("--missing", action="append", required=True)
    command("take-up", "begin the review", id=True)
    file = command("file", "file the case", id=True)
    refuse = command("refuse", "do not file, with reasons", id=True)
    for one in (file, refuse):
        one.add_argument("--number", required=True)
        one.add_argument("--dated-on", default=today)
    file.add_argument("--text", default="符合立案条件，决定立案侦查。")
    refuse.add_argument("--reason", required=True)
    materials = command("materials", "sign for objects and materials", id=True)
    materials.add_argument("--number", required=True)
    materials.add_argument("--received-by", action="append", required=True)
    command("deliveries", "the log of webhooks sent to us")
    command("replay", "have a webhook sent again").add_argument("delivery_id")
    watching = command("watch", "register a webhook and handle what is handed over")
    watching.add_argument("--listen", default="127.0.0.1:0", help="host:port, port 0: any")
    watching.add_argument("--public", default="", help="https address under which the platform reaches it; default: http to --listen")
    watching.add_argument("--decide", choices=["file", "refuse", "review"], default="review", help="review: stop after taking it up")
    watching.add_argument("--reason", default="", help="needed to refuse")
    watching.add_argument("--received-by", default="值班民警")
    watching.add_argument("--folder", type=Path, default=Path("packs"))
    watching.add_argument("--verifier", default="", help="command that verifies a pack, such as anzhi-verify")
    watching.add_argument("--decisions", type=int, default=0, help="end after so many; 0: go on")
    watching.add_argument("--seconds", type=float, default=0.0, help="end after so many; 0: go on")
    return made


def run(given: argparse.Namespace) -> int:
    for name in ("url", "client_id", "key"):
        if not getattr(given, name) and not (given.command == "jwks" and name == "url"):
            sys.exit(f"--{name.replace('_', '-')} is needed")
    credentials = Credentials.read(given.client_id, Path(given.key), given.kid)
    if given.command == "jwks":
        sys.stdout.write(credentials.jwks() + "\n")
        return 0
    platform = Platform(given.url, credentials, audience=given.audience)
    if given.command == "watch":
        return work(platform, given)
    commands = {
        "check": lambda: {"client_id": given.client_id, "kid": credentials.kid, "token": bool(platform.token())},
        "list": lambda: platform.transfers(given.state),
        "show": lambda: platform.transfer(given.id),
        "fetch": lambda: platform.fetch_pack(given.id, given.to),
        "receipt": lambda: platform.sign_receipt(given.id, given.number, given.received_by),
        "supplement": lambda: platform.demand_supplement(given.id, given.number, given.missing),
        "take-up": lambda: platform.start_review(given.id),
        "file": lambda: platform.file(given.id, given.number, given.dated_on, given.text),
        "refuse": lambda: platform.refuse(given.id, given.number, given.dated_on, given.reason),
        "materials": lambda: platform.sign_materials(given.id, given.number, given.received_by),
        "deliveries": platform.deliveries,
        "replay": lambda: platform.replay(next(one for one in platform.deliveries() if one["id"] == given.delivery_id)),
    }
    show(commands[given.command]())
    return 0


def work(platform: Platform, given: argparse.Namespace) -> int:
    if given.decide == "refuse" and not given.reason:
        sys.exit("a refusal has its reason: --reason")
    host, _, port = given.listen.rpartition(":")
    receiver = Receiver(host, int(port))
    registered = platform.register_endpoint(given.public or f"http://{host}:{receiver.port}/hooks")
    receiver.secret = registered["secret"]
    receiver.start()
    say("listening", url=registered["endpoint"]["url"], endpoint_id=registered["endpoint"]["id"])
    manner = Manner(given.decide, given.reason, given.received_by, given.folder, given.verifier)
    try:
        done = watch(Desk(platform, manner, say), receiver, decisions=given.decisions, say=say, seconds=given.seconds)
    finally:
        mine = next(one for one in platform.endpoints() if one["id"] == registered["endpoint"]["id"])
        platform.disable_endpoint(mine)
        receiver.stop()
    say("ended", decided=done, refused_messages=receiver.refused)
    return 0 if not given.decisions or done >= given.decisions else 1


def main() -> int:
    given = parser().parse_args()
    try:
        return run(given)
    except (Refused, PackDiffers, httpx.HTTPError) as error:
        say("error", kind=type(error).__name__, text=str(error))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
