# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A daemon whose clock tells another time."""

import glob


def clock_at(moment):
    """A command prefix: the clock starts at that moment (UTC) and runs at its usual speed. None
    without faketime."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    return ["env", "TZ=UTC", f"LD_PRELOAD={library[0]}", f"FAKETIME=@{moment}",
            "FAKETIME_DONT_FAKE_MONOTONIC=1"] if library else None
