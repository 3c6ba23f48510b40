# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""How long a test waits at most. SAMI_SLOW=1 (sanitizers, a loaded machine) makes it four times."""

import os
import time

SLOWNESS = 4 if os.environ.get("SAMI_SLOW") == "1" else 1
WAIT = 8.0 * SLOWNESS


def wait_until(predicate, timeout=None, what="the condition"):
    """Polls `predicate` until it returns something true, which is returned."""
    deadline = time.monotonic() + (WAIT if timeout is None else timeout)
    while True:
        result = predicate()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true in time")
        time.sleep(0.005)
