# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A users file for tests, and how clients present their credentials."""

import base64
import hashlib
import os
import signal
import tempfile

QUICK = 1_000  # iterations: under a millisecond
SLOW = 200_000  # a tenth of a second on a fast core, and much more at the lowest priority


def _unpadded(octets):
    return base64.b64encode(octets).decode().rstrip("=").replace("+", ".")


def hashed(password, iterations=QUICK):
    """A hash in the form that `sami-llm-proxy user add` writes."""
    octets = password if isinstance(password, bytes) else password.encode()
    salt = hashlib.sha256(octets).digest()[:16]
    digest = hashlib.pbkdf2_hmac("sha512", octets, salt, iterations)
    return f"$pbkdf2-sha512${iterations}${_unpadded(salt)}${_unpadded(digest)}"


def line(name, password="secret", keys="", iterations=QUICK):
    return f"{name}:{hashed(password, iterations)}" + (f":{keys}" if keys else "")


class UsersFile:
    """`with UsersFile(line("ada")) as users:` makes one in a temporary folder."""

    def __init__(self, *lines):
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "users")
        self.write(*lines)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def write(self, *lines):
        """Replaces the file as a whole, as every good editor does."""
        beside = self.path + ".new"
        with open(beside, "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
        os.replace(beside, self.path)

    def settings(self, **others):
        return {"PROXY_USERS_FILE": self.path, **others}

    def reload(self, proxy, *lines):
        """Writes the file and signals the daemon, which has read it when this returns."""
        self.write(*lines)
        before = len([1 for line in proxy.log_lines() if line.get("message") == "reloaded"])
        proxy.signal(signal.SIGHUP)
        seen = []

        def again(logged):
            if logged.get("message") == "reloaded":
                seen.append(logged)
            return len(seen) > before
        proxy.wait_for_log(again)


class Stranger:
    """A password not checked yet, from an address without a successful sign-in."""

    def __init__(self, proxy, number, source):
        self.client = proxy.client(source=source)
        token = base64.b64encode(f"slow:guess {number}".encode()).decode()
        self.client.request("CONNECT", "127.0.0.1:9", f"Proxy-Authorization: Basic {token}")


def crowd(proxy, addresses, each):
    """Strangers who all wait for a verdict."""
    return [Stranger(proxy, f"{address}/{number}", f"127.0.1.{address + 1}")
            for address in range(addresses) for number in range(each)]
