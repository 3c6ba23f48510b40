#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Uses the image: runs the commands that the README, docs/docker.md and docs/vps.md tell people to type. Run by
test.sh, which says in SAMI_PODMAN and SAMI_STORE how to reach the store that has the image.

The containers are on podman's own bridge. The origins run on this machine and listen on the
bridge's gateway, so that to a container they are another host, like the internet."""
import base64
import contextlib
import json
import os
import pathlib
import queue
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "hardening")]

from sami_support.network import NameServer  # noqa: E402
from sami_support import Origin, RawClient, TestCa, answer, closed_port, wait_until  # noqa: E402

PODMAN = shlex.split(os.environ["SAMI_PODMAN"])
STORE = os.environ["SAMI_STORE"]
IMAGE = "sami-llm-proxy"
MAX_SIZE = 12_000_000
GATEWAY = "10.88.0.1"  # of podman's bridge
START = 30  # seconds, for a container on a busy machine

# podman's default limits are higher than a process inside a container may set.
CONTAINERS_CONF = """[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "netavark"
"""


def read(path):
    return path.read_text(encoding="utf-8")


def blocks(paper, section, language="bash"):
    """The code blocks of a section: "## " and its title."""
    text = read(ROOT / paper)
    begin = text.index(f"\n## {section}")
    end = text.find("\n## ", begin + 1)
    return re.findall(rf"```{language}\n(.*?)```", text[begin:end], flags=re.DOTALL)


def podman(*arguments, check=True):
    done = subprocess.run([*PODMAN, *arguments], capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise AssertionError(f"podman {' '.join(arguments)}: {done.stderr}")
    return done


def inspect(name, what="image"):
    return json.loads(podman(what, "inspect", name).stdout)[0]


class ImageCase(unittest.TestCase):
    """A folder with the commands `docker`, `podman` and `sudo`; leaves nothing running."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.port = closed_port()
        commands = self.folder / "bin"
        commands.mkdir()
        self.script(commands / "podman", f'exec {shlex.join(PODMAN)} "$@"')
        self.script(commands / "docker", '''
            if [ "$1" = compose ]; then shift; exec docker-compose "$@"; fi
            exec podman "$@"''')
        self.script(commands / "sudo", 'exec "$@"')
        self.environment = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"}
        self.addCleanup(podman, "rm", "-f", "-t", "0", "-a", check=False)

    def serve_engine(self):
        """Docker's API for `docker compose`, served by podman."""
        address = f"unix://{self.folder}/engine"
        engine = subprocess.Popen([*PODMAN, "system", "service", "-t", "0", address],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(engine.wait)
        self.addCleanup(engine.terminate)
        wait_until((self.folder / "engine").exists, START, "podman's interface")
        self.environment["DOCKER_HOST"] = address

    @staticmethod
    def script(path, text):
        path.write_text("#!/usr/bin/env bash\n" + text.lstrip("\n") + "\n", encoding="utf-8")
        path.chmod(0o755)

    def shell(self, command, expect=0):
        """Runs a command from the documents, with a free port and folder."""
        for told, here in (("8080:8080", f"{self.port}:8080"), ("your-server", "127.0.0.1"),
                           ("127.0.0.1:8080", f"127.0.0.1:{self.port}"),
                           ("localhost:8080", f"127.0.0.1:{self.port}"),
                           ("/usr/local/sbin/", f"{self.folder}/bin/"),
                           ("/etc/sami-llm-proxy", f"{self.folder}/etc")):
            command = command.replace(told, here)
        done = subprocess.run(["bash", "-ec", command], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, expect, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_container(self, *options, arguments=(), name=IMAGE):
        self.shell(shlex.join(["docker", "run", "-d", "--name", name, "-p", "8080:8080", *options,
                               IMAGE, *arguments]))
        self.assert_healthy(name)

    def assert_healthy(self, name=IMAGE):
        def is_healthy():
            state = inspect(name, "container")["State"]
            self.assertTrue(state["Running"], podman("logs", name).stdout)
            return podman("healthcheck", "run", name, check=False).returncode == 0
        wait_until(is_healthy, START, f"the health of {name}")

    def curl(self, url, *options, proxy="", code=None):
        """The status that a client sees, or that of the CONNECT if `code` is "connect"."""
        command = ["curl", "-sS", "-o", str(self.folder / "body"), "-m", "60",
                   "-w", "%{http_connect}" if code == "connect" else "%{http_code}", *options]
        if proxy is not None:
            command += ["-x", f"http://{proxy}127.0.0.1:{self.port}"]
        return subprocess.run([*command, url], capture_output=True, text=True, check=False,
                              env=self.environment).stdout

    def own_page(self, path=""):
        return self.curl(f"http://127.0.0.1:{self.port}{path}", proxy=None)

    def origin(self, handler=None, **options):
        return self.enterContext(Origin(handler or answer(b"from the origin"), host="0.0.0.0", **options))

    def log(self, name=IMAGE):
        return podman("logs", name).stdout

    def body(self):
        return (self.folder / "body").read_bytes()

    ALLOW = ("-e", f"ALLOW_PRIVATE_TARGETS={GATEWAY}")


class ContentsTest(ImageCase):
    def test_is_small(self):
        size = inspect(IMAGE)["Size"]
        archive = ROOT / "build" / "packages" / "sami-llm-proxy-image.tar.gz"
        print(f"image {size:,} bytes, compressed {archive.stat().st_size:,}", file=sys.stderr)
        self.assertLessEqual(size, MAX_SIZE)

    def test_says_what_it_is(self):
        image = inspect(IMAGE)
        config = image["Config"]
        self.assertEqual(config["User"], "65532:65532")
        self.assertEqual(config["StopSignal"], "SIGTERM")
        self.assertIn("8080/tcp", config["ExposedPorts"])
        self.assertEqual(image["Healthcheck"]["Test"],
                         ["CMD", "/usr/local/bin/sami-llm-proxy", "--healthcheck"])
        labels = config["Labels"]
        version = re.search(r"project\(\S+ VERSION ([\d.]+)", read(ROOT / "CMakeLists.txt"))[1]
        self.assertEqual(labels["org.opencontainers.image.version"], version)
        for label in ("title", "description", "licenses", "source"):
            self.assertIn(f"org.opencontainers.image.{label}", labels)

    def test_holds_the_program_certificates_and_licences_and_no_shell(self):
        podman("create", "--name", IMAGE, IMAGE)
        archive = self.folder / "root.tar"
        podman("export", "-o", str(archive), IMAGE)
        done = subprocess.run(["tar", "-tf", str(archive)], capture_output=True, text=True, check=True)
        files = {name for name in done.stdout.split("\n") if name and not name.endswith("/")}
        licences = {name for name in files if name.startswith("licenses/")}
        # Files that podman itself adds to each container.
        mounted = {"etc/hosts", "etc/resolv.conf", "etc/hostname", "run/.containerenv", "etc/mtab",
                   "dev/console", "proc", "sys", "dev"}
        self.assertEqual(files - licences - mounted,
                         {"etc/group", "etc/nsswitch.conf", "etc/passwd",
                          "etc/ssl/certs/ca-certificates.crt", "usr/local/bin/sami-llm-proxy"})
        for licence in ("README", "VERSIONS", "sami-llm-proxy/LICENSE", "qt6-base/LGPL-3.0-only.txt",
                        "libssl-dev/copyright", "libc6-dev/copyright", "libcrypt-dev/copyright",
                        "ca-certificates/copyright",
                        "common-licenses/Apache-2.0", "common-licenses/LGPL-2.1"):
            self.assertIn(f"licenses/{licence}", licences)
        versions = subprocess.run(["tar", "-xOf", str(archive), "licenses/VERSIONS"], capture_output=True,
                                  text=True, check=True).stdout
        self.assertEqual([line.split()[0] for line in versions.splitlines()],
                         ["ca-certificates", "gcc-12", "glibc", "libxcrypt", "openssl", "pcre2", "qt6-base", "zlib"])
        self.assertRegex(versions, r"(?m)^qt6-base 6\.\d+\.\d+\S+$")
        program = self.folder / "program"
        with program.open("wb") as out:
            subprocess.run(["tar", "-xOf", str(archive), "usr/local/bin/sami-llm-proxy"], stdout=out,
                           check=True)
        headers = subprocess.run(["readelf", "-ld", str(program)], capture_output=True, text=True,
                                 check=True).stdout
        self.assertNotIn("INTERP", headers)
        self.assertNotIn("NEEDED", headers)

    def test_answers_flags(self):
        version = podman("run", "--rm", IMAGE, "--version").stdout
        self.assertRegex(version, r"^sami-llm-proxy \d")
        done = podman("run", "--rm", "-e", "PROXY_PORT=x", IMAGE, "--check-config",
                      check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("PROXY_PORT", done.stderr)


class QuickstartTest(ImageCase):
    """Every command in README's Docker section and in docs/docker.md."""

    def commands(self, language=""):
        text = "".join(blocks(f"README{language}.md", "Docker") + blocks(f"docs/docker{language}.md", "INI"))
        return [line for line in text.split("\n") if line.startswith("docker run ")]

    def test_every_run_command(self):
        commands = self.commands()
        self.assertEqual(len(commands), 7)
        self.assertEqual(commands, self.commands(".ru"))
        shutil.copy(ROOT / ".env.example", self.folder / ".env")
        password = self.folder / "proxy_password"
        password.write_text("secret123\n", encoding="ascii")
        os.chown(password, 65532, 65532)
        password.chmod(0o400)
        # The folder with the settings file that one of them mounts.
        made = [line for line in "".join(blocks("docs/docker.md", "INI")).split("\n")
                if line.startswith("mkdir ")]
        self.assertEqual(1, len(made))
        self.shell(made[0])
        origin = self.origin()
        for command in commands:
            with self.subTest(command):
                self.shell(command)
                self.assert_healthy()
                self.assertEqual(self.own_page(), "200")
                self.assertEqual(self.own_page("/health"), "200")
                # A private target is judged last, so a 403 from these shows that everything else
                # let it pass.
                url = f"http://{GATEWAY}:{origin.port}/"
                has_password = "PASSWORD" in command
                expected = "403"
                if has_password:
                    self.assertEqual(self.curl(url), "407")
                    self.assertEqual(self.curl(url, proxy="admin:wrong@"), "407")
                self.assertEqual(self.curl(url, proxy="admin:secret123@"), expected)
                reason = ("client_not_listed" if "ALLOWED_IPS" in command
                          else "host_not_listed" if "--config" in command else "private_target")
                self.assertIn(f"reason={reason}", self.log())
                open_to_all = not has_password and "ALLOWED_IPS" not in command
                self.assertEqual("OPEN PROXY" in self.log(), open_to_all)
                logs = self.shell("docker logs --tail 100 sami-llm-proxy")
                self.assertIn("closed", logs)
                podman("rm", "-f", "-t", "15", IMAGE)

    def test_patience_and_file_reach_the_program(self):
        self.shell(next(command for command in self.commands()
                        if "PROXY_TIMEOUT_MS=1800000" in command))
        self.assert_healthy()
        self.assertIn("30m", self.log())
        podman("rm", "-f", IMAGE)
        (self.folder / ".env").write_text("PROXY_AUTH_USERNAME=admin\nPROXY_AUTH_PASSWORD=secret123\n",
                                          encoding="ascii")
        self.shell("docker run -d --name sami-llm-proxy -p 8080:8080 --env-file .env sami-llm-proxy")
        self.assert_healthy()
        self.assertEqual(self.curl("http://example.invalid/"), "407")

    def test_compose(self):
        self.serve_engine()
        [inline] = blocks("README.md", "Docker", "yaml")
        from_file = re.sub(r"environment:\n(?: +- .*\n)+", "env_file: [.env]\n", inline)
        self.assertNotEqual(inline, from_file)
        own = read(ROOT / "compose.yaml")
        with_secret = re.sub(r"(?m)^( *)# (?=- PROXY_AUTH_PASSWORD_FILE|secrets:|  proxy_password:|    file:)",
                             r"\1", own)
        self.assertEqual(len(yaml.safe_load(with_secret)), 2)
        for form, text in (("inline", inline), ("from a file", from_file), ("our own", own),
                           ("with a secret", with_secret)):
            with self.subTest(form):
                project = self.folder / re.sub(r"\W", "", form)
                project.mkdir()
                settings = "PROXY_AUTH_USERNAME=admin\nPROXY_AUTH_PASSWORD=secret\n"
                if form in ("our own", "with a secret"):
                    settings += f"PROXY_PORT={self.port}\n"
                if form == "with a secret":
                    settings = settings.replace("=secret", "=")
                    (project / "proxy_password").write_text("secret\n", encoding="ascii")
                    os.chown(project / "proxy_password", 65532, 65532)
                    (project / "proxy_password").chmod(0o400)
                (project / ".env").write_text(settings, encoding="ascii")
                (project / "compose.yaml").write_text(text.replace("8080:8080", f"{self.port}:8080"),
                                                      encoding="utf-8")
                self.shell(f"cd {project.name} && docker compose up -d")
                [name] = podman("ps", "-a", "--format", "{{.Names}}").stdout.split()
                self.assert_healthy(name)
                self.assertEqual(self.curl("http://example.invalid/"), "407")
                self.assertEqual(self.curl("http://127.0.0.1/", proxy="admin:secret@"), "403")
                self.assertNotIn("OPEN PROXY", self.log(name))
                container = inspect(name, "container")
                self.assertEqual(container["HostConfig"]["RestartPolicy"]["Name"], "unless-stopped")
                if form in ("our own", "with a secret"):
                    self.assertEqual(container["Config"]["StopTimeout"], 14)
                    self.assertTrue(container["HostConfig"]["ReadonlyRootfs"])
                    status = read(pathlib.Path(f"/proc/{container['State']['Pid']}/status"))
                    self.assertRegex(status, r"(?m)^Cap(Eff|Bnd):\t0+$")
                    self.assertRegex(status, r"(?m)^NoNewPrivs:\t1$")
                if form == "with a secret":
                    self.assertNotIn("=secret", json.dumps(container["Config"]["Env"]))
                self.shell(f"cd {project.name} && docker compose down")
                self.assertEqual(podman("ps", "-a", "--format", "{{.Names}}").stdout, "")


class ServerGuideTest(ImageCase):
    """docs/vps.md, steps 2, 3 and 5: the hardened container."""

    def test_the_guide(self):
        origin = self.origin()
        for block in blocks("docs/vps.md", "2.") + blocks("docs/vps.md", "3.")[:1]:
            # The guide's hosts are on the internet, ours is here. The script reads from a file here.
            block = block.replace("ALLOWED_HOSTS=",
                                  f"ALLOW_PRIVATE_TARGETS={GATEWAY}\nALLOWED_HOSTS={GATEWAY},")
            # More than a container inside a container may have.
            block = block.replace("--ulimit nofile=65536:65536 ", "")
            self.shell(block)
        self.assert_healthy()
        secret = self.folder / "etc" / "password"
        self.assertEqual((secret.stat().st_mode & 0o777, secret.stat().st_uid), (0o600, 65532))
        password = secret.read_text(encoding="ascii").strip()
        self.assertEqual(self.own_page("/health"), "200")
        self.assertNotIn("OPEN PROXY", self.log())
        url = f"http://{GATEWAY}:{origin.port}/"
        self.assertEqual(self.curl(url), "407")
        self.assertEqual(self.curl(url, "-U", f"sami:{password}"), "200")
        self.assertEqual(self.body(), b"from the origin")
        self.assertEqual(self.curl("http://elsewhere.example/", "-U", f"sami:{password}"), "403")
        container = inspect(IMAGE, "container")
        self.assertTrue(container["HostConfig"]["ReadonlyRootfs"])
        self.assertNotIn(password, json.dumps(container))
        status = read(pathlib.Path(f"/proc/{container['State']['Pid']}/status"))
        self.assertRegex(status, r"(?m)^Uid:\t65532\t65532\t65532\t65532$")
        self.assertRegex(status, r"(?m)^Cap(Eff|Bnd):\t0+$")
        self.assertRegex(status, r"(?m)^NoNewPrivs:\t1$")
        self.assertRegex(status, r"(?m)^Seccomp:\t2$")
        # Running the script again replaces the running container, as an update does.
        self.shell("run-sami-llm-proxy latest")
        self.assert_healthy()
        self.assertEqual(self.curl(url, "-U", f"sami:{password}"), "200")


class WorkTest(ImageCase):
    def test_resolves_names(self):
        origin = self.origin()

        class Here:
            inside = staticmethod(contextlib.nullcontext)

        self.run_container(*self.ALLOW, "--add-host", f"listed.example:{GATEWAY}", "--dns", GATEWAY)
        with NameServer(Here, {"asked.example": [GATEWAY]}, GATEWAY) as names:
            for host, status in (("listed.example", "200"), ("asked.example", "200"),
                                 ("missing.example", "502")):
                with self.subTest(host):
                    self.assertEqual(self.curl(f"http://{host}:{origin.port}/"), status)
            self.assertIn("asked.example", [name for name, _ in names.asked])
        self.assertIn("reason=name_not_found", self.log())

    def test_carries_tls_through_a_tunnel(self):
        authority = TestCa.shared()
        origin = self.origin(tls=authority.server_context(GATEWAY))
        self.run_container(*self.ALLOW)
        url = f"https://{GATEWAY}:{origin.port}/"
        self.assertEqual(self.curl(url, "--cacert", authority.ca_file), "200")
        self.assertEqual(self.body(), b"from the origin")
        self.assertIn(f"CONNECT {GATEWAY}:{origin.port} status=200", self.log())

    def test_speaks_tls_itself(self):
        authority = TestCa.shared()
        origin = self.origin(tls=authority.server_context(GATEWAY))
        target = f"https://{GATEWAY}:{origin.port}/"
        os.chmod(os.path.dirname(authority.ca_file), 0o755)
        bundle = "/etc/ssl/certs/ca-certificates.crt"
        for trust, options, status in (
            ("nobody whom it does not know", (), 502),
            ("the setting", ("-v", f"{authority.ca_file}:/ca.pem:ro",
                             "-e", "PROXY_UPSTREAM_CA_FILE=/ca.pem"), 200),
            ("the bundle in the image", ("-v", f"{authority.ca_file}:{bundle}:ro"), 200),
        ):
            with self.subTest(trust):
                self.run_container(*self.ALLOW, *options)
                with RawClient("127.0.0.1", self.port) as client:
                    client.request("GET", target)
                    response = client.read_response()
                self.assertEqual(response.status, status, response.body)
                if status != 200:
                    self.assertIn("tls_certificate_error", response.value("Proxy-Status"))
                podman("rm", "-f", "-t", "15", IMAGE)

    def test_hands_on_each_event_as_it_comes(self):
        def stream(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n")
            for number in range(3):
                # Sent only after the client has reported the previous one.
                self.assertEqual(connection.origin.said.get(timeout=START), number)
                connection.send(b"10\r\ndata: event %03d\n\r\n" % number)
            connection.send(b"0\r\n\r\n")

        origin = self.origin(stream)
        origin.said = queue.Queue()
        self.run_container(*self.ALLOW)
        for way in ("forwarded", "tunnel"):
            with self.subTest(way), RawClient("127.0.0.1", self.port, timeout=START) as client:
                target = f"http://{GATEWAY}:{origin.port}/"
                if way == "tunnel":
                    client.connect_tunnel(GATEWAY, origin.port)
                    target = "/"
                client.request("GET", target, f"Host: {GATEWAY}")
                client.read_head()
                for number in range(3):
                    origin.said.put(number)
                    self.assertEqual(client.read_chunk(), b"data: event %03d\n" % number)
                self.assertEqual(client.read_chunk(), b"")

    def test_finishes_a_stream_of_20_seconds_when_it_is_stopped(self):
        def stream(connection):
            connection.read_request()
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for number in range(20):
                connection.send(b"data: %d\n\n" % number)
                time.sleep(1)

        origin = self.origin(stream)
        self.run_container(*self.ALLOW, "-e", "PROXY_SHUTDOWN_GRACE_MS=40000")
        with RawClient("127.0.0.1", self.port, timeout=START) as client:
            client.connect_tunnel(GATEWAY, origin.port)
            client.request("GET", "/", "Host: origin")
            client.recv_until(b"data: 1\n\n")
            stopping = subprocess.Popen([*PODMAN, "stop", "-t", "45", IMAGE],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            client.recv_until(b"data: 4\n\n")
            self.assertEqual(self.own_page("/health"), "503")
            rest, _ = client.recv_all()
        self.assertTrue(rest.endswith(b"data: 19\n\n"), rest[-40:])
        self.assertEqual(stopping.wait(START), 0)
        state = inspect(IMAGE, "container")["State"]
        self.assertEqual((state["Running"], state["ExitCode"]), (False, 0))
        self.assertIn("stopped", self.log())

    def test_ends_at_once_when_nothing_runs(self):
        self.run_container()
        podman("stop", "-t", "30", IMAGE)
        self.assertEqual(inspect(IMAGE, "container")["State"]["ExitCode"], 0)

    def test_sees_its_clients_addresses(self):
        self.run_container("-e", f"ALLOWED_IPS={GATEWAY}", *self.ALLOW)
        origin = self.origin()
        # Seen from this machine itself, everybody is the gateway: docs/network.md says so.
        self.assertEqual(self.curl(f"http://{GATEWAY}:{origin.port}/"), "200")
        self.assertIn(f"client={GATEWAY}", self.log())

    def test_is_unhealthy_when_it_does_not_answer(self):
        self.run_container()
        pid = inspect(IMAGE, "container")["State"]["Pid"]
        os.kill(pid, signal.SIGSTOP)
        try:
            self.assertEqual(podman("healthcheck", "run", IMAGE, check=False).returncode, 1)
        finally:
            os.kill(pid, signal.SIGCONT)
        self.assert_healthy()

    def test_idle_memory(self):
        self.run_container()
        pid = inspect(IMAGE, "container")["State"]["Pid"]
        status = read(pathlib.Path(f"/proc/{pid}/status"))
        resident = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])
        print(f"idle in the container: {resident} kB resident", file=sys.stderr)
        self.assertLess(resident, 15 * 1024)


class StateTest(ImageCase):
    def test_a_named_volume_keeps_the_identity_without_chown(self):
        self.addCleanup(podman, "volume", "rm", "-f", "sami-state", check=False)
        pins = []
        for _ in range(2):
            self.run_container("--read-only", "-v", "sami-state:/state", "-e", "PROXY_STATE_DIR=/state")
            pins.append(podman("exec", IMAGE, "sami-llm-proxy", "--pin").stdout)
            self.assertIn(pins[0].strip(), self.log())
            podman("rm", "-f", "-t", "15", IMAGE)
        self.assertRegex(pins[0], r"^sha256//\S{44}\n$")
        self.assertEqual(pins[0], pins[1])

    def test_nothing_is_kept_unless_it_is_asked_for(self):
        self.run_container("--read-only")
        self.assertNotIn("pin=", self.log())
        done = podman("exec", IMAGE, "sami-llm-proxy", "--pin", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("PROXY_STATE_DIR", done.stderr)


class KubernetesTest(ImageCase):
    def test_the_manifest_runs(self):
        manifest = read(ROOT / "packaging" / "kubernetes" / "sami-llm-proxy.yaml")
        parts = {re.search(r"(?m)^kind: (\w+)", part)[1]: part for part in manifest.split("\n---\n")}
        secret, deployment = parts["Secret"], parts["Deployment"]
        podman("tag", IMAGE, re.search(r"image: (\S+)", deployment)[1])
        # Parts that podman 4.3 does not know or dies of, and that Kubernetes does by itself. It does not decode the
        # secret either: the password is the text verbatim.
        placeholder = re.search(r"  password: (\S+)", secret)[1]
        encoded = base64.b64encode(b"what openssl rand -hex 24 prints").decode()
        for told, here in (("defaultMode: 0440 }", "defaultMode: 0444, optional: false }"),
                           ("containerPort: 8080", f"containerPort: 8080, hostPort: {self.port}")):
            self.assertIn(told, deployment)
            deployment = deployment.replace(told, here)
        secret = secret.replace("stringData:", "data:").replace(f"  password: {placeholder}", f"  password: {encoded}")
        wanted = self.folder / "pod.yaml"
        wanted.write_text("\n---\n".join([secret, re.sub(r"replicas: \d+", "replicas: 1", deployment)]),
                          encoding="utf-8")
        podman("play", "kube", str(wanted))
        self.addCleanup(podman, "secret", "rm", IMAGE, check=False)
        self.addCleanup(podman, "pod", "rm", "-f", "-a", "-t", "0", check=False)
        url = "http://elsewhere.example/"
        wait_until(lambda: self.own_page("/health") == "200", START, "readiness")
        self.assertEqual(self.curl(url), "407")
        self.assertEqual(self.curl(url, "-U", f"sami:{encoded}"), "403")
        [name] = [name for name in podman("ps", "--format", "{{.Names}}").stdout.split()
                  if name.endswith("-proxy")]
        self.assertEqual(json.loads(self.log(name).split("\n")[0])["level"], "info")


def main():
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write(CONTAINERS_CONF)
        conf.flush()
        os.environ["CONTAINERS_CONF"] = conf.name
        # Once and with podman's own message, rather than in every test.
        probe = podman("run", "--rm", IMAGE, "--version", check=False)
        if probe.returncode:
            print(f"podman cannot run a container on this machine:\n{probe.stderr}"
                  "It needs root, runc, and the right to make namespaces, a bridge and firewall rules.\n"
                  "0 passed, 1 failed", flush=True)
            sys.exit(1)
        return unittest.main(verbosity=2, exit=False, argv=sys.argv).result


if __name__ == "__main__":
    result = main()
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed", flush=True)
    sys.exit(not result.wasSuccessful())
