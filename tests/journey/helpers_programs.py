# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Other programs as parents: each runs in a server's network, in place of our daemon."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from helpers_lab import PASSWORD, USER
from sami_support import WAIT, TestCa, wait_until

# Destinations that a parent's own rules refuse.
FORBIDDEN_PORT = 9
SSH_PORT = 2222
SOCKS_PORT = 1080

_SQUID = f"""
http_port {{address}}:3128
https_port {{address}}:3129 tls-cert={{pem}}
auth_param basic program /usr/lib/squid/basic_ncsa_auth {{folder}}/users
acl known proxy_auth REQUIRED
acl forbidden port {FORBIDDEN_PORT}
http_access deny forbidden
http_access allow known
http_access deny all
dns_nameservers 127.0.0.1
cache deny all
access_log none
cache_log {{folder}}/cache.log
pid_filename none
coredump_dir {{folder}}
shutdown_lifetime 0 seconds
pinger_enable off
connect_timeout 5 seconds
visible_hostname squid.lab
"""

_TINYPROXY = f"""
Port 8888
Listen 127.0.0.1
Timeout 600
Allow 127.0.0.0/8
LogFile "{{folder}}/tinyproxy.log"
PidFile "{{folder}}/tinyproxy.pid"
BasicAuth {USER} {PASSWORD}

"""

_HAPROXY = """
defaults
  mode tcp
  timeout connect 5s
  timeout client 600s
  timeout server 600s
listen front
  bind {address}:8443 ssl crt {pem} alpn http/1.1
  server tinyproxy 127.0.0.1:8888
"""

_DANTE = f"""
logoutput: {{folder}}/dante.log
internal: {{address}} port = {SOCKS_PORT}
external: out
socksmethod: none
clientmethod: none
user.privileged: root
user.unprivileged: nobody
client pass {{{{ from: 0.0.0.0/0 to: 0.0.0.0/0 }}}}
socks block {{{{ from: 0.0.0.0/0 to: 0.0.0.0/0 port = {FORBIDDEN_PORT} }}}}
socks pass {{{{ from: 0.0.0.0/0 to: 0.0.0.0/0 protocol: tcp }}}}
"""

_SSHD = f"""
Port {SSH_PORT}
ListenAddress {{address}}
HostKey {{folder}}/host
AuthorizedKeysFile {{folder}}/user.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
"""


class Programs:
    """Starts them in the foreground, and ends them with the owner of `enter`."""

    def __init__(self, site, enter):
        self._site = site
        self._enter = enter
        # Squid and dante drop their privileges but need access to this folder.
        self.folder = pathlib.Path(enter(tempfile.TemporaryDirectory(prefix="sami-parents-")))
        self.folder.chmod(0o755)

    def _configuration(self, name, text):
        path = self.folder / name
        path.write_text(text.format(address=self._site.address, folder=self.folder,
                                    pem=self.folder / "parent.pem"), encoding="ascii")
        return path

    def _certificate(self):
        certificate, key = TestCa.shared().certificate(self._site.address)
        pem = self.folder / "parent.pem"
        pem.write_bytes(b"".join(pathlib.Path(path).read_bytes() for path in (certificate, key)))

    def start(self, *command, address, port, namespace=None):
        """Starts the program and waits until it listens there."""
        namespace = namespace or self._site.namespace
        log = self._enter(open(self.folder / f"{pathlib.Path(command[0]).name}.out", "wb"))
        # It dies with a test that is killed.
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *namespace.prefix,
                                    *map(str, command)], stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        self._enter(_ended(process))

        def listens():
            assert process.poll() is None, pathlib.Path(log.name).read_text(errors="replace")
            with namespace.inside(), contextlib.suppress(OSError):
                socket.create_connection((address, port), WAIT).close()
                return True

        wait_until(listens, timeout=4 * WAIT, what=f"{command[0]} at port {port}")

    # --- each returns its entry in a desk's list of parents ---

    def squid(self, tls=False):
        self._certificate()
        salted = subprocess.run(["openssl", "passwd", "-apr1", PASSWORD], capture_output=True,
                                text=True, check=True).stdout.strip()
        (self.folder / "users").write_text(f"{USER}:{salted}\n", encoding="ascii")
        path = self._configuration("squid.conf", _SQUID)
        # Names its lock, which is a file in /dev/shm.
        self.start("squid", "-N", "-n", f"lab{self._site.namespace.pid}", "-f", path,
                   address=self._site.address, port=3128)
        return (f"https://{USER}@{self._site.address}:3129" if tls
                else f"http://{USER}@{self._site.address}:3128")

    def tinyproxy_behind_tls(self):
        self._certificate()
        self.start("tinyproxy", "-d", "-c", self._configuration("tinyproxy.conf", _TINYPROXY),
                   address="127.0.0.1", port=8888)
        self.start("haproxy", "-db", "-f", self._configuration("haproxy.cfg", _HAPROXY),
                   address=self._site.address, port=8443)
        return f"https://{USER}@{self._site.address}:8443"

    def dante(self):
        self.start("danted", "-p", self.folder / "dante.pid", "-f",
                   self._configuration("danted.conf", _DANTE),
                   address=self._site.address, port=SOCKS_PORT)
        return f"socks5://{self._site.address}:{SOCKS_PORT}"

    def ssh(self, desk):
        """`ssh -D` at the desk: the parent is on the desk's own loopback."""
        # OpenSSH's server needs a folder in /run; this network has its own mounts.
        self._site.namespace.run("sh", "-c", "mount -t tmpfs tmpfs /run && mkdir /run/sshd")
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name],
                           check=True, capture_output=True)
        self.start(shutil.which("sshd"), "-D", "-e", "-f", self._configuration("sshd_config", _SSHD),
                   address=self._site.address, port=SSH_PORT)
        self.start("ssh", "-N", "-D", f"127.0.0.1:{SOCKS_PORT}", "-p", SSH_PORT,
                   "-i", self.folder / "user", "-F", "none", "-o", "StrictHostKeyChecking=no",
                   "-o", f"UserKnownHostsFile={self.folder}/known", "-o", "BatchMode=yes",
                   f"root@{self._site.address}", address="127.0.0.1", port=SOCKS_PORT,
                   namespace=desk)
        return f"socks5://127.0.0.1:{SOCKS_PORT}"


@contextlib.contextmanager
def _ended(process):
    """Ends a program and its children: each has its own process group."""
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(WAIT)
