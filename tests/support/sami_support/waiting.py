# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The longest wait of a test. SAMI_SLOW=1 (sanitizers, a loaded machine) multiplies it by four."""

import os
import time

SLOWNESS = 4 if os.environ.get("SAMI_SLOW") == "1" else 1
WAIT = 8.0 * SLOWNESS


def wait_until(predicate, timeout=None, what="the condition"):
    """Polls `predicate` until it returns something true, and returns that."""
    deadline = time.monotonic() + (WAIT if timeout is None else timeout)
    while True:
        result = predicate()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true in time")
        time.sleep(0.005)
