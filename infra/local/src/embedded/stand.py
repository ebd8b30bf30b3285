"""What the platform stands on, as the settings say: embedded servers, or those that production uses."""

from embedded.backing import Backing, Say
from embedded.settings import Settings


def backing_of(settings: Settings, say: Say | None = None) -> Backing:
    if not settings.peers:
        return Backing(settings.folder, given=settings.given, say=say)
    from embedded.peers import Peers

    return Peers(settings.folder, given=settings.given, say=say)
