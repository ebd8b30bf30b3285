"""A police organ at Anzhi. Answers are JSON on stdout, one object a line; errors are one JSON object on stderr.

Exit codes: 0 done; 1 the platform refused the step, as `problem` says; 2 wrong command line, key or secret; 3 the token endpoint refused
this client; 4 the platform is away, or still above the quota after five tries; 5 the package is not what was told; 6 `listen` or `watch`
ended before it had as many as asked for; 130 interrupted.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from partner_police.commands import parser
from partner_police.credentials import Credentials
from partner_police.platform import ClientRefused, PackDiffers, Platform, Refused
from partner_police.webhooks import Journal, Receiver, Unproven, key_of
from partner_police.work import Desk, Manner, watch

REFUSED, WRONG, CLIENT_REFUSED, AWAY, PACK_DIFFERS, TOO_FEW, INTERRUPTED = 1, 2, 3, 4, 5, 6, 130


class WrongCall(Exception):
    """The command line, the key or the secret will not do."""


def say(event: str, **told: Any) -> None:
    show({"event": event, **told})


def show(answer: Any) -> None:
    for one in answer if isinstance(answer, list) else [answer]:
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def complain(code: int, error: Exception) -> int:
    told: dict[str, Any] = {"error": type(error).__name__, "text": str(error)}
    if isinstance(error, Refused):
        told |= {"status": error.status, "reason": error.reason, "problem": error.problem}
    sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    return code


def run(given: argparse.Namespace) -> int:
    if given.command == "listen":
        return listen(given)
    credentials = read_key(given)
    if given.command == "jwks":
        sys.stdout.write(credentials.jwks() + "\n")
        return 0
    if not given.base_url:
        raise WrongCall("--base-url is needed")
    platform = Platform(given.base_url, credentials, audience=given.audience)
    if given.command == "watch":
        return work(platform, given)
    show(given.run(platform, given))
    return 0


def read_key(given: argparse.Namespace) -> Credentials:
    if not given.client_id or not given.key:
        raise WrongCall("--client-id and --key are needed")
    try:
        return Credentials.read(given.client_id, Path(given.key), given.kid)
    except (OSError, ValueError, TypeError) as error:
        raise WrongCall(f"the key cannot be read: {error}") from error


def read_secret(file: Path | None) -> str:
    try:
        secret = file.read_text("ascii").strip() if file else os.environ.get("ANZHI_WEBHOOK_SECRET", "")
        key_of(secret)
    except (OSError, ValueError, Unproven) as error:
        raise WrongCall(f"the secret of the endpoint: {error}") from error
    return secret


def listen(given: argparse.Namespace) -> int:
    """Needs neither token nor key: who knows the secret can prove a message."""
    secret = read_secret(given.secret_file)
    journal = Journal(given.to)
    host, port = given.listen
    receiver = Receiver(host, port, journal)
    receiver.secret = secret
    receiver.start()
    say("listening", port=receiver.port, to=str(given.to))
    came, ends = 0, time.monotonic() + given.seconds if given.seconds else float("inf")
    try:
        while time.monotonic() < ends and (not given.count or came < given.count):
            message = receiver.next(0.5)
            if message is not None:
                came += 1
                say("webhook", id=message[0], **message[1])
    finally:
        receiver.stop()
        journal.close()
    say("ended", received=came, refused_messages=receiver.refused)
    return TOO_FEW if came < given.count else 0


def work(platform: Platform, given: argparse.Namespace) -> int:
    if given.decide == "refuse" and not given.reason:
        raise WrongCall("a refusal has its reason: --reason")
    host, port = given.listen
    receiver = Receiver(host, port)
    registered = platform.register_endpoint(given.public or f"http://{host}:{receiver.port}/hooks")
    receiver.secret = registered["secret"]
    receiver.start()
    endpoint = registered["endpoint"]
    say("listening", url=endpoint["url"], endpoint_id=endpoint["id"])
    manner = Manner(given.decide, given.reason, given.received_by, given.folder, given.verifier)
    try:
        done = watch(Desk(platform, manner, say), receiver, decisions=given.decisions, say=say, seconds=given.seconds)
    finally:
        receiver.stop()
        platform.disable_endpoint(endpoint["id"])
    say("ended", decided=done, refused_messages=receiver.refused)
    return TOO_FEW if done < given.decisions else 0


def main(arguments: list[str] | None = None) -> int:
    given = parser(__doc__).parse_args(arguments)
    try:
        return run(given)
    except WrongCall as error:
        return complain(WRONG, error)
    except ClientRefused as error:
        return complain(AWAY if error.status in {429, 503} else CLIENT_REFUSED, error)
    except Refused as error:
        return complain(AWAY if error.status in {429, 503} else REFUSED, error)
    except httpx.HTTPError as error:
        return complain(AWAY, error)
    except PackDiffers as error:
        return complain(PACK_DIFFERS, error)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
