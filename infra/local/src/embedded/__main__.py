"""`python -m embedded setup | up | down | reset | status | logs | demo | run | migration`."""

import argparse
import asyncio
import sys
from dataclasses import replace

from embedded import foreground
from embedded.backing.kafka import make_cache
from embedded.progress import Progress
from embedded.services import DOCUMENTS, FONTS
from embedded.settings import Settings, from_environment
from embedded.state import CHECKOUT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m embedded", description="The whole platform on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="fetch and check what no wheel brings")
    up = commands.add_parser("up", help="start everything; done again: show the addresses")
    up.add_argument("--legal-clock", choices=["on", "off"])
    up.add_argument("--demo", action="store_true", help="with the demo organisation and its accounts, on the legal clock")
    commands.add_parser("down", help="stop everything")
    commands.add_parser("reset", help="stop everything and forget its data")
    commands.add_parser("status", help="the addresses")
    logs = commands.add_parser("logs", help="what the services write")
    logs.add_argument("service", nargs="?")
    logs.add_argument("--follow", action="store_true")
    commands.add_parser("demo", help="start everything and walk the case of the three welders")
    tool = commands.add_parser("run", help="run a tool that is told where everything is")
    tool.add_argument("words", nargs=argparse.REMAINDER)
    peers = commands.add_parser("peers", help="the servers that production uses, without the platform")
    peers.add_argument("what", choices=["up", "down", "reset", "status", "logs", "env", "run"])
    peers.add_argument("words", nargs=argparse.REMAINDER)
    migration = commands.add_parser("migration", help="write the next migration of a service")
    migration.add_argument("service")
    migration.add_argument("message")
    supervise = commands.add_parser("supervise")
    supervise.add_argument("descriptor", type=int)
    return run(parser.parse_args(), from_environment())


def run(given: argparse.Namespace, settings: Settings) -> int:
    match given.command:
        case "setup":
            return setup()
        case "up":
            clock = given.legal_clock or ("on" if given.demo else settings.legal_clock)
            return foreground.up(replace(settings, legal_clock=clock, demo=given.demo or settings.demo))
        case "down":
            return foreground.down(settings)
        case "reset":
            return foreground.reset(settings)
        case "status":
            return foreground.status(settings)
        case "logs":
            return foreground.logs(settings, given.service, follow=given.follow)
        case "run":
            return foreground.run(settings, given.words)
        case "demo":
            return foreground.demo(settings)
        case "peers":
            return run_peers(given.what, given.words, settings)
        case "migration":
            from embedded.migration import write_next

            return write_next(settings, given.service, given.message)
        case _:
            from embedded.supervisor import supervise

            return supervise(settings, given.descriptor)


def run_peers(what: str, words: list[str], settings: Settings) -> int:
    from embedded.peers import debian

    folder = settings.folder if settings.has_folder else CHECKOUT / ".local" / "peers"
    settings = replace(settings, folder=folder, peers=True, bare=True)
    match what:
        case "up":
            debian.install(lambda doing: print(doing, flush=True))
            for line in debian.left_out():
                print(line, flush=True)
            return foreground.up(settings)
        case "down":
            return foreground.down(settings)
        case "reset":
            return foreground.reset(settings)
        case "status":
            return foreground.status(settings)
        case "logs":
            return foreground.logs(settings, words[0] if words else None, follow=False)
        case "env":
            return foreground.show_environment(settings)
        case _:
            return foreground.run(settings, words)


async def make_fonts(progress: Progress) -> None:
    """The typeface of documents with TrueType outlines: some twenty seconds, once."""
    progress.say("typeface", "converting", False)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", DOCUMENTS, "make-fonts", str(FONTS), stdout=asyncio.subprocess.DEVNULL
    )
    if await child.wait() != 0:
        raise SystemExit("the typeface of documents could not be made")
    progress.say("typeface", "ready", True)


def setup() -> int:
    progress = Progress()

    async def make() -> None:
        made = asyncio.gather(make_cache(lambda doing: progress.say("kafka", doing, False)), make_fonts(progress))
        while not made.done():
            progress.tick()
            await asyncio.wait({made}, timeout=0.2)
        made.result()

    asyncio.run(make())
    progress.end()
    return 0


sys.exit(main())
