"""Shows what is being done: on a terminal one line that changes, elsewhere a line for each thing done."""

import sys
import time

QUIET_FOR = 10.0


class Progress:
    def __init__(self) -> None:
        self.begin = time.monotonic()
        self.under_way: dict[str, tuple[str, float]] = {}
        self.terminal = sys.stdout.isatty()
        self._spoke_at = self.begin

    def say(self, name: str, doing: str, done: bool) -> None:
        if done:
            self.under_way.pop(name, None)
            self._line(f"  {name:24} {doing}")
        else:
            since = self.under_way.get(name, ("", time.monotonic()))[1]
            self.under_way[name] = (doing, since)
            self.tick()

    def wait_for(self, names: list[str]) -> None:
        """What is not there yet, where nobody tells us of its steps."""
        now = time.monotonic()
        self.under_way = {name: self.under_way.get(name, ("starting again", now)) for name in names}
        self.tick()

    def tick(self) -> None:
        """To be called a few times a second."""
        if not self.under_way:
            return
        now = time.monotonic()
        parts = [f"{name}: {doing} ({now - since:.0f} s)" for name, (doing, since) in self.under_way.items()]
        text = f"  [{now - self.begin:3.0f} s] " + ", ".join(parts)
        if self.terminal:
            sys.stdout.write(f"\r\033[K{text[:150]}")
            sys.stdout.flush()
        elif now - self._spoke_at > QUIET_FOR:
            self._line(text)

    def _line(self, text: str) -> None:
        self._spoke_at = time.monotonic()
        sys.stdout.write(f"\r\033[K{text}\n" if self.terminal else f"{text}\n")
        sys.stdout.flush()

    def end(self) -> None:
        if self.terminal:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()
