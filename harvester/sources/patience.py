"""When to stop asking a server that no longer answers."""

from __future__ import annotations

from mappings.errors import EndpointBusy, EndpointError, HaloclineError

IN_A_ROW = 5


class Patience:
    """Counts failures in a row, so that a server that went away does not cost the wait of every record it lists."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def good(self) -> None:
        """The server answered, whatever it said."""
        self._in_a_row = 0

    def lost(self, error: HaloclineError) -> None:
        """One more request came to nothing. Raises ``EndpointError`` when that makes ``IN_A_ROW``."""
        self._in_a_row += 1
        if self._in_a_row < IN_A_ROW:
            return
        advice = "try again later" if isinstance(error, EndpointBusy) else "check that the server is up"
        raise EndpointError(
            f"The server stopped answering: {self._in_a_row} requests in a row failed, the last with: "
            f"{error} "
            f"What was harvested before is kept; {advice}."
        ) from error
