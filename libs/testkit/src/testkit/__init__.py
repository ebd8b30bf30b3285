"""Real parts, tokens, legal time, faults and polling for tests. Loaded by pytest as the plugin `testkit.plugin`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from testkit.database import Databases
    from testkit.polling import poll
    from testkit.proxy import FaultyProxy
    from testkit.users import User, a_user
    from testkit.world import Run, World, serving

__all__ = ["Databases", "FaultyProxy", "Run", "User", "World", "a_user", "poll", "serving"]

_HOMES = {
    "Databases": "database",
    "FaultyProxy": "proxy",
    "Run": "world",
    "User": "users",
    "World": "world",
    "a_user": "users",
    "poll": "polling",
    "serving": "world",
}


def __getattr__(name: str) -> Any:
    """Imported when asked for: every run of pytest loads this package, and unit tests need none of it."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'testkit' has no attribute {name!r}")
    return getattr(import_module(f"testkit.{_HOMES[name]}"), name)
