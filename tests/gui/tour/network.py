# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""A private network for the tour: this machine in it, and a phone and a provider beyond.

    this machine   wlan0   192.168.77.20/24, default route by .1; port 8080 is nobody's in here
                   docker0 172.17.0.1/16 and tun0 10.8.0.2/24: made earlier, no way to the phone
    the rest       192.168.77.1 and .30, the phone; PROVIDER, which answers 401 as providers do
    NAME           this machine's 127.0.0.1, in an /etc/hosts that nobody outside sees

There is no way out of it. All of it disappears with the last process inside.
"""
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading

PHONE = "192.168.77.30"
# Not an address that the proxy treats as private. In here it is ours alone.
PROVIDER = "11.22.33.44"
PROVIDER_PORT = 80
# For a test that runs a provider of its own; a name that no public DNS has (RFC 6761 §6.2).
NAME = "api.provider.test"
INSIDE = "TOUR_NETWORK"
COMMANDS_OF_THIS_MACHINE = """
link set lo up
link add docker0 type veth peer name docker0-p
addr add 172.17.0.1/16 dev docker0
link add tun0 type veth peer name tun0-p
addr add 10.8.0.2/24 dev tun0
link add wlan0 type veth peer name phone0
addr add 192.168.77.20/24 dev wlan0
link set phone0 netns {pid}
link set docker0-p up
link set docker0 up
link set tun0-p up
link set tun0 up
link set wlan0 up
route add default via 192.168.77.1 dev wlan0
"""
COMMANDS_OF_THE_REST = f"""
link set lo up
addr add {PROVIDER}/32 dev lo
addr add 192.168.77.1/24 dev phone0
addr add {PHONE}/24 dev phone0
link set phone0 up
"""


def enter():
    """Restarts this program inside. Returns the reason if that is impossible, and "" inside."""
    if os.environ.get(INSIDE):
        return ""
    missing = [tool for tool in ("unshare", "nsenter", "ip", "setpriv", "mount") if not shutil.which(tool)]
    if missing:
        return "no " + ", ".join(missing)
    namespace = ["unshare", *([] if os.getuid() == 0 else ["--map-root-user"]), "--net", "--mount"]
    probe = subprocess.run([*namespace, "ip", "link", "add", "tour0", "type", "veth"],
                           capture_output=True, text=True, check=False)
    if probe.returncode:
        return "no network namespace can be made: " + probe.stderr.strip()
    os.environ[INSIDE] = "1"
    # Whatever ends this program ends the inner one too.
    os.execvp("setpriv", ["setpriv", "--pdeathsig", "TERM", *namespace, sys.executable, *sys.argv])
    return "unreachable"


class Network:
    """Sets up the links and runs the provider on the other side. Only inside enter()."""

    def __init__(self):
        # The other namespace lives as long as the provider in it.
        self.provider = subprocess.Popen(
            ["unshare", "--net", sys.executable, __file__], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self._said("apart")
        _add_name()
        _configure(COMMANDS_OF_THIS_MACHINE.format(pid=self.provider.pid))
        print(file=self.provider.stdin, flush=True)
        self._said("serving")

    def environment(self):
        """The environment variables for the tour."""
        return {"TOUR_PHONE": f"nsenter --net=/proc/{self.provider.pid}/ns/net",
                "TOUR_PHONE_ADDRESS": PHONE, "TOUR_PROVIDER": f"http://{PROVIDER}/v1/models"}

    def _said(self, word):
        if self.provider.stdout.readline().strip() != word:
            self.close()
            raise RuntimeError("the network cannot be made")

    def close(self):
        self.provider.stdin.close()
        try:
            self.provider.wait(5)
        except subprocess.TimeoutExpired:
            self.provider.kill()
            self.provider.wait()


def _configure(commands):
    subprocess.run(["ip", "-batch", "-"], input=commands, text=True, check=True)


def _add_name():
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as hosts:
        with open("/etc/hosts", encoding="utf-8") as common:
            hosts.write(common.read())
        hosts.write(f"\n127.0.0.1 {NAME}\n")
        hosts.flush()
        os.chmod(hosts.name, 0o644)
        # The mount keeps the file after its name is gone.
        subprocess.run(["mount", "--bind", hosts.name, "/etc/hosts"], check=True)


class _Provider(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"error": {"message": "Missing bearer authentication in header"}}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def _be_the_rest():
    print("apart", flush=True)
    sys.stdin.readline()
    _configure(COMMANDS_OF_THE_REST)
    server = http.server.ThreadingHTTPServer((PROVIDER, PROVIDER_PORT), _Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("serving", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _be_the_rest()
