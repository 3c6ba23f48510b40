# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Who sent what, what reached an origin, what was answered, and what went wrong."""

import asyncio
import collections
import dataclasses

from sami_support.waiting import SLOWNESS

# The number of failures to report; further ones are likely to be consequences.
_ENOUGH = 5
# In seconds: after this time nothing from a departed client can arrive.
_LATE = 120 * SLOWNESS


@dataclasses.dataclass(slots=True)
class Entry:
    """What is known about one id. `refused`: it must never reach an origin. `unfinished`: it must
    never reach one complete. `tainted`: its origin spoke before it was asked, when nobody could
    know."""

    visit: object
    request: object = None
    refused: bool = False
    unfinished: bool = False
    tainted: bool = False
    arrivals: int = 0
    may_repeat: bool = False
    whole: bool = False
    status: int = 0


class Missing(AssertionError):
    """A response that is missing or incomplete: a fault unless the proxy was told to stop."""


class Ledger:
    def __init__(self, seed):
        self.seed = seed
        self.entries = {}
        self.failures = []
        self.counts = collections.Counter()
        # What remains of an id after its visit: (minimum of access lines, status or 0).
        self.due = {}
        self.tainted = set()
        self.draining = False
        self._latest = {}
        self._of_visit = {}
        self._retired = collections.deque()

    def plan(self, visit, identity, request=None, **rules):
        entry = self.entries[identity] = Entry(visit, request, **rules)
        self._of_visit.setdefault(visit.id, []).append(identity)
        return entry

    def fail(self, text, visit=None):
        where = (f"\n  seed {self.seed}, --only-client {visit.client} --first-visit {visit.number}, "
                 f"the client's plan: {visit}") if visit else ""
        self.failures.append(text + where)
        if len(self.failures) <= _ENOUGH:
            print(f"FAILED (seed {self.seed}): {text}{where}", flush=True)

    # --- at the origins ---

    def arrived(self, identity, is_tainted):
        """A request's head has reached an origin. The origin sets `may_repeat` in the entry if the
        request came over a reused connection that is about to close without a response."""
        entry = self.entries.get(identity)
        if entry is None:
            raise AssertionError(f"an unknown or long finished request arrived: {identity}")
        if entry.refused:
            raise AssertionError(f"{identity} arrived, which was to be refused or is no request")
        entry.tainted = entry.tainted or is_tainted
        is_repeat = entry.may_repeat and entry.arrivals == 1 and entry.request.is_retryable
        if entry.arrivals and not is_repeat and not entry.tainted:
            raise AssertionError(f"{identity} arrived once more")
        entry.arrivals += 1
        visit, index = identity.rsplit("-", 1)
        latest = self._latest.get(visit, 0)
        if int(index) < latest and not entry.tainted:
            raise AssertionError(f"{identity} arrived after {visit}-{latest}")
        self._latest[visit] = max(int(index), latest)
        return entry

    def arrived_whole(self, identity):
        entry = self.entries[identity]
        entry.whole = True
        if entry.unfinished:
            raise AssertionError(f"{identity} looked complete at the origin; its client had not "
                                 "said all of it")

    # --- at the clients ---

    def answered(self, identity, status):
        self.entries[identity].status = status
        self.counts["answers"] += 1

    async def is_excused(self, visit, error):
        """Whether the origin or the shutdown caused this."""
        if self.draining and not (isinstance(error, AssertionError)
                                  and not isinstance(error, Missing)):
            return True
        # The client may receive the untimely bytes before the origin has read which request got
        # them.
        mine = [self.entries[identity] for identity in self._of_visit.get(visit.id, ())]
        until = asyncio.get_running_loop().time() + 10 * SLOWNESS
        while asyncio.get_running_loop().time() < until:
            if any(entry.tainted for entry in mine):
                self.counts["excused"] += 1
                return True
            await asyncio.sleep(0.05)
        return False

    def retire(self, visit):
        """The client has gone. Its requests in flight get some time to arrive."""
        now = asyncio.get_running_loop().time()
        self._retired.append((now, visit.id))
        while now - self._retired[0][0] > _LATE:
            self._close(self._retired.popleft()[1])

    def close(self):
        """Nothing is in flight any more."""
        while self._retired:
            self._close(self._retired.popleft()[1])

    def _close(self, visit):
        self._latest.pop(visit, None)
        for identity in self._of_visit.pop(visit, ()):
            entry = self.entries.pop(identity)
            if entry.tainted:
                self.tainted.add(identity)
                continue
            self.due[identity] = (1 if entry.status or entry.arrivals else 0, entry.status)
