# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The commands `user …` and `link --user`: what they print, and what they do to the users file."""

import base64
import fcntl
import hashlib
import os
import pathlib
import re
import resource
import shutil
import signal
import stat
import subprocess
import tempfile
import termios
import unittest

from helpers_command import LIMIT, clean_environment
from sami_support import RowCase, row, wait_until
from test_link import taken_apart

NOBODY = 65534
# A hash of "right", bcrypt with cost 4: verified in milliseconds.
BCRYPT = "$2b$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC"


def pbkdf2(password, iterations=1000):
    """A hash in the program's format, made by another program."""
    salt = b"0123456789abcdef"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations)

    def text(octets):
        return base64.b64encode(octets).decode().rstrip("=").replace("+", ".")
    return f"$pbkdf2-sha512${iterations}${text(salt)}${text(digest)}"


def holds(hash_text, password):
    """Whether it is a hash of the password, as another program verifies it."""
    _, scheme, iterations, salt, digest = hash_text.split("$")

    def octets(text):
        return base64.b64decode(text.replace(".", "+") + "=" * (-len(text) % 4))
    assert scheme == "pbkdf2-sha512", hash_text
    return hashlib.pbkdf2_hmac("sha512", password.encode(), octets(salt), int(iterations)) == octets(digest)


class UserCase(RowCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enter(tempfile.TemporaryDirectory()))
        self.path = self.folder / "users"

    def daemon(self, *arguments, code=0, stdin=b"", settings=None, **how):
        """Runs the command; `how` goes to subprocess."""
        chosen = {"PROXY_USERS_FILE": self.path, **(settings or {})}
        done = subprocess.run([os.environ["SAMI_DAEMON"], *arguments], env=clean_environment(**chosen),
                              input=stdin, capture_output=True, timeout=LIMIT, check=False, **how)
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if code:
            self.assertEqual(done.stdout, "")
        return done

    def user(self, *arguments, **how):
        return self.daemon("user", *arguments, **how)

    def refused(self, *arguments, **how):
        """Returns the error message; the file is unchanged and there are no other files."""
        before = self.everything()
        problem = self.user(*arguments, code=2, **how).stderr
        self.assertEqual(self.everything(), before)
        return problem

    def everything(self):
        return {path.name: path.read_bytes() if path.is_file() else None for path in self.folder.iterdir()}

    def write(self, text):
        self.path.write_bytes(text.encode())

    def read(self):
        return self.path.read_bytes().decode()

    def line(self, name):
        [line] = [line for line in self.read().splitlines() if line.startswith(name + ":")]
        return line.split(":", 2)

    @staticmethod
    def shown(done):
        """The output of add and passwd as {word: value}."""
        return dict(line.split(": ", 1) for line in done.stdout.splitlines())


class Adding(UserCase):
    @row("B§16: a user is added with a password of 24 hex digits, of which the file has the hash alone")
    def test_add(self):
        shown = self.shown(self.user("add", "anna"))
        self.assertEqual(shown["user"], "anna")
        self.assertRegex(shown["password"], r"^[0-9a-f]{24}$")
        self.assertNotIn(shown["password"], self.read())
        _, hash_text = self.line("anna")
        self.assertTrue(hash_text.startswith("$pbkdf2-sha512$210000$"), hash_text)
        self.assertTrue(holds(hash_text, shown["password"]))
        self.assertEqual(list(self.everything()), ["users"])

    @row("B§16: the link is printed with the password, once")
    def test_link(self):
        state = self.folder / "state"
        state.mkdir(mode=0o700)
        settings = {"PROXY_STATE_DIR": state, "PROXY_TLS_NAMES": "proxy.example.com"}
        done = self.user("add", "Анна maria", settings=settings)
        shown = self.shown(done)
        user, password, host, port, query = taken_apart(shown["link"])
        self.assertEqual((user, password), ("Анна maria", shown["password"]))
        self.assertEqual((host, port, set(query)), ("proxy.example.com", 8080, {"pin"}))
        self.assertIn("shown this once", done.stderr)

    @row("B§16: where no link can be made the user is added all the same, and the way to a link is said")
    def test_no_link(self):
        done = self.user("add", "anna", settings={"PROXY_ADDRESS": "127.0.0.1"})
        self.assertNotIn("link", self.shown(done))
        self.assertIn("link --user NAME --host HOST", done.stderr)
        self.assertTrue(self.line("anna"))

    @row("B§16: limits and a note are written as the file has them")
    def test_flags(self):
        self.user("add", "anna", "--hosts", "@OpenAI, a.example:443", "--until=2027-01-31",
                  "--connections", "3", "--note", "desk; phone: both = 2")
        self.assertEqual(self.line("anna")[2], "connections=3;hosts=@openai,a.example:443;until=2027-01-31;"
                                               "note=desk; phone: both = 2")

    @row("B§16: a bad limit is named by its flag, and nobody is added")
    def test_bad_flags(self):
        self.write("# nobody\n")
        for flag, value, words in (("--hosts", "a b", '"a b": a host name'), ("--hosts", "", "names no host"),
                                   ("--until", "tomorrow", "like 2027-01-31"),
                                   ("--until", "2020-01-31", "is past; write the last day"),
                                   ("--connections", "many", "from 1 to 1000000"),
                                   ("--note", "a\nroot:x", "a line break"),
                                   ("--note", "a\x1b[2J", "a control character")):
            problem = self.refused("add", "anna", f"{flag}={value}")
            self.assertTrue(problem.startswith(flag + ": "), problem)
            self.assertIn(words, problem)
            self.assertEqual(problem.count("\n"), 1)

    @row("B§16: names that a line cannot have are refused")
    def test_hostile_names(self):
        self.write("# nobody\n")
        for name, words in (("an:na", "colon"), ("an\nna:x", "colon"), ("an\nna", "line break"), ("", "empty"),
                            ("a" * 300, "more than 255 octets"), ("\x1b[2J", "control character"),
                            ("#anna", "comment"), (" anna", "blank"), (b"\xff\xfe", "UTF-8")):
            problem = self.refused("add", name)
            self.assertTrue(problem.startswith("NAME: "), problem)
            self.assertIn(words, problem)
            self.assertNotIn("\x1b", problem)
            self.assertLess(len(problem), 300)

    @row("B§16: nobody is added twice, nor beside the pair of variables")
    def test_twice(self):
        self.user("add", "anna")
        self.assertIn("already has a user of that name, in line 1", self.refused("add", "anna"))
        pair = {"PROXY_AUTH_USERNAME": "boss", "PROXY_AUTH_PASSWORD": "correct horse battery"}
        self.assertIn("is the user of PROXY_AUTH_USERNAME", self.refused("add", "boss", settings=pair))
        self.user("add", "boris", settings=pair)

    @row("B§16: a new file has the owner and the group of its folder, and no rights for others")
    def test_new_file(self):
        self.folder.chmod(0o750)
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(self.folder, NOBODY, 12345)
        self.user("add", "anna")
        found = self.path.stat()
        self.assertEqual(stat.S_IMODE(found.st_mode), 0o640)
        if is_root:
            self.assertEqual((found.st_uid, found.st_gid), (NOBODY, 12345))


class Changing(UserCase):
    def setUp(self):
        super().setUp()
        self.anna = pbkdf2("right")
        self.write(f"# people\r\n\nzoe:{BCRYPT}: disabled ;note= by hand \n"
                   f"anna:{self.anna}:hosts=@openai;until=2099-01-31;note=a;b\r\n# end\nboris:{BCRYPT}")

    def other_lines(self):
        return [line for line in self.path.read_bytes().split(b"\n") if not line.startswith(b"anna:")]

    @row("B§16: each change leaves the other lines as they are, octet for octet")
    def test_other_lines(self):
        others = self.other_lines()
        for command in ("disable", "enable", "passwd", "remove"):
            self.user(command, "anna")
            self.assertEqual(self.other_lines(), others, command)

    @row("B§16: a user is turned out and let in again, and keeps the rest")
    def test_switch(self):
        before = self.line("anna")
        self.assertEqual(self.user("disable", "anna").stdout, "disabled: anna\n")
        self.assertEqual(self.line("anna")[2], "hosts=@openai;until=2099-01-31;disabled;note=a;b")
        self.assertIn("so before", self.user("disable", "anna").stderr)
        self.assertEqual(self.user("enable", "anna").stdout, "enabled: anna\n")
        self.assertEqual(self.line("anna"), before)
        self.assertIn("so before", self.user("enable", "anna").stderr)

    @row("B§16: another password takes the place of the old one, and the limits stay")
    def test_passwd(self):
        shown = self.shown(self.user("passwd", "anna"))
        name, hash_text, options = self.line("anna")
        self.assertTrue(holds(hash_text, shown["password"]))
        self.assertEqual(options, "hosts=@openai;until=2099-01-31;note=a;b")
        again = self.shown(self.user("passwd", "anna"))
        self.assertNotEqual(again["password"], shown["password"])
        self.assertFalse(holds(self.line(name)[1], shown["password"]))

    @row("B§16: a user is taken out")
    def test_remove(self):
        self.assertEqual(self.user("remove", "anna").stdout, "removed: anna\n")
        self.assertNotIn("anna", self.read())
        self.assertEqual(self.user("remove", "boris").stdout, "removed: boris\n")
        self.assertTrue(self.read().endswith("# end\n"))

    @row("B§16: who is not there is named, and nothing is changed")
    def test_nobody(self):
        for command in ("passwd", "enable", "disable", "remove"):
            self.assertIn("has no user of that name", self.refused(command, "clara"))

    @row("B§16: the list has state and limits, and no hash")
    def test_list(self):
        self.write(f"anna:{self.anna}:connections=2;hosts=@openai;until=2099-01-31;note=the desk\n"
                   f"boris:{BCRYPT}:disabled\nclara:{BCRYPT}:until=2020-01-31\n")
        done = self.user("list")
        self.assertEqual([re.split(r"  +", line) for line in done.stdout.splitlines()], [
            ["NAME", "STATE", "UNTIL", "CONNECTIONS", "HOSTS", "NOTE"],
            ["anna", "on", "2099-01-31", "2", "@openai", "the desk"],
            ["boris", "disabled", "-", "-", "-"],
            ["clara", "expired", "2020-01-31", "-", "-"]])
        self.assertNotIn("$", done.stdout + done.stderr)
        self.write("# nobody\n")
        self.assertIn("nobody is let in", self.user("list").stderr)
        pair = {"PROXY_AUTH_USERNAME": "boss", "PROXY_AUTH_PASSWORD": "correct horse battery"}
        self.assertIn("boss is let in", self.user("list", settings=pair).stderr)

    @row("B§16: owner, group and mode stay")
    def test_rights(self):
        self.path.chmod(0o644)
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(self.path, NOBODY, 12345)
        self.user("disable", "anna", umask=0o077)
        found = self.path.stat()
        self.assertEqual(stat.S_IMODE(found.st_mode), 0o644)
        if is_root:
            self.assertEqual((found.st_uid, found.st_gid), (NOBODY, 12345))

    @row("B§16: of commands at once none is lost")
    def test_at_once(self):
        before = self.read()
        running = [subprocess.Popen([os.environ["SAMI_DAEMON"], "user", "add", f"user{number}"],
                                    env=clean_environment(PROXY_USERS_FILE=self.path),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                   for number in range(4)]
        for each in running:
            self.assertEqual(each.wait(3 * LIMIT), 0)
        self.assertTrue(self.read().startswith(before))
        names = [line.split()[0] for line in self.user("list").stdout.splitlines()[4:]]
        self.assertEqual(sorted(names), [f"user{number}" for number in range(4)])

    @row("B§16: a lock that a mere reader holds stops nobody")
    def test_locked_by_reader(self):
        for held in (self.path, self.folder):
            descriptor = os.open(held, os.O_RDONLY)
            self.addCleanup(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.user("disable", "anna")
        self.assertIn("disabled", self.line("anna")[2].split(";"))


class Files(UserCase):
    @row("B§16: without the setting each command says how to set it")
    def test_no_setting(self):
        for arguments in (("add", "anna"), ("passwd", "anna"), ("list",)):
            done = self.user(*arguments, code=2, settings={"PROXY_USERS_FILE": ""})
            self.assertTrue(done.stderr.startswith("PROXY_USERS_FILE: "), done.stderr)
            self.assertIn("--users-file FILE", done.stderr)

    @row("B§16: the file is named by a flag or by the settings file too")
    def test_named(self):
        self.user("add", "anna", "--users-file", str(self.path), settings={"PROXY_USERS_FILE": ""})
        config = self.folder / "sami.conf"
        config.write_text(f"users_file = {self.path}\n", encoding="utf-8")
        self.user("add", "--config", str(config), "boris", settings={"PROXY_USERS_FILE": ""})
        self.assertEqual(len(self.read().splitlines()), 2)

    @row("B§16: what is no file is refused, and is as it was")
    def test_no_file(self):
        target = self.folder / "target"
        target.write_text(f"anna:{BCRYPT}\n", encoding="utf-8")
        (self.folder / "folder").mkdir()
        (self.folder / "linked").symlink_to("folder")
        (self.folder / "link").symlink_to("target")
        (self.folder / "nowhere").symlink_to("none")
        os.mkfifo(self.folder / "pipe")
        for name, words in (("link", "is a symbolic link"), ("nowhere", "is a symbolic link"),
                            ("folder", "is a folder"), ("pipe", "is not a regular file"),
                            ("linked/users", "in a folder that is a symbolic link"),
                            ("none/users", "its folder does not exist"), ("target/users", "its folder does not exist"),
                            ("a" * 300, "File name too long")):
            self.path = self.folder / name
            self.assertIn(words, self.refused("add", "boris"))
            self.assertFalse((self.folder / "none").exists())
        self.path = self.folder / "none"
        self.assertIn("is not there", self.refused("disable", "anna"))
        self.path = self.folder / "pipe"
        self.assertIn("is not a regular file", self.refused("list"))
        self.path = self.folder / "link"
        self.assertIn("anna", self.user("list").stdout)

    @row("B§16: without the rights to it the file stays, and what to do is said")
    def test_rights(self):
        if os.geteuid() != 0:
            self.skipTest("needs root")
        daemon = pathlib.Path(self.enter(tempfile.TemporaryDirectory(dir="/dev/shm"))) / "daemon"
        shutil.copy(os.environ["SAMI_DAEMON"], daemon)
        daemon.parent.chmod(0o755)
        self.write(f"anna:{BCRYPT}\n")

        def as_nobody(*arguments):
            done = subprocess.run([daemon, "user", *arguments], user=NOBODY, group=NOBODY, extra_groups=[],
                                  env=clean_environment(PROXY_USERS_FILE=self.path), capture_output=True,
                                  cwd="/", timeout=LIMIT, check=False)
            self.assertEqual(done.returncode, 2, done)
            return done.stderr.decode()
        self.folder.chmod(0o755)
        self.path.chmod(0o600)
        self.assertRegex(as_nobody("list"), "cannot be read: Permission denied; user nobody needs the right")
        self.assertIn("cannot be read: Permission denied", as_nobody("disable", "anna"))
        self.path.chmod(0o644)
        self.assertIn("may not write to its folder", as_nobody("disable", "anna"))
        self.folder.chmod(0o777)
        self.assertIn("belongs to user 0 and group 0", as_nobody("disable", "anna"))
        self.folder.chmod(0o700)
        self.assertIn("cannot be opened: Permission denied", as_nobody("disable", "anna"))
        self.assertEqual(self.read(), f"anna:{BCRYPT}\n")

    @row("B§16: a disk that is full leaves the old file")
    def test_full(self):
        self.write(f"anna:{BCRYPT}\n")

        def bound():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (80, 80))
        self.assertIn("cannot be written: ", self.refused("add", "boris", preexec_fn=bound))
        self.path = self.folder / "new"
        self.assertIn("cannot be written: ", self.refused("add", "boris", preexec_fn=bound))

    @row("B§16: a command whose output is lost says so, and what it did stays done")
    def test_lost_output(self):
        self.write(f"anna:{BCRYPT}\n")
        for arguments, settings in ((("user", "passwd", "anna"), {}), (("user", "add", "boris"), {}),
                                    (("token", "new", "watcher"), {"PROXY_STATE_DIR": self.folder}),
                                    (("user", "list"), {})):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                chosen = clean_environment(PROXY_USERS_FILE=self.path, **settings)
                done = subprocess.run([os.environ["SAMI_DAEMON"], *arguments], env=chosen, stdout=full,
                                      stderr=subprocess.PIPE, timeout=LIMIT, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"standard output cannot be written", done.stderr)
        self.assertNotEqual(self.line("anna")[1], BCRYPT)
        self.line("boris")

    @row("B§16: a signal at the prompt for a password shows again what is typed")
    def test_interrupted_prompt(self):
        self.write(f"anna:{BCRYPT}\n")

        def echoes(terminal):
            return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with self.subTest(number):
                master, terminal = os.openpty()
                self.addCleanup(os.close, master)
                self.addCleanup(os.close, terminal)
                command = [os.environ["SAMI_DAEMON"], "link", "--user", "anna", "--host", "proxy.example"]
                with subprocess.Popen(command, env=clean_environment(PROXY_USERS_FILE=self.path),
                                      stdin=terminal, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, start_new_session=True) as asking:
                    wait_until(lambda: not echoes(terminal), what="the prompt")
                    asking.send_signal(number)
                    self.assertEqual(asking.wait(LIMIT), -number)
                self.assertTrue(echoes(terminal))

    @row("B§16: a bad line is named, its hash is not shown, and nothing is changed")
    def test_bad_line(self):
        self.write(f"anna:{BCRYPT}\n\nboris:hunter2-hunter2\n")
        for arguments in (("add", "clara"), ("disable", "anna"), ("remove", "boris"), ("list",)):
            problem = self.refused(*arguments)
            self.assertIn("line 3: the hash is not one", problem)
            self.assertNotIn("hunter2", problem)

    @row("B§16: the proxy does not start with a file that cannot be read or has a bad line")
    def test_start(self):
        bad = (("line 1: the hash is not one", "anna:hunter2\n"), ("line 2: the name is already in line 1",
               f"anna:{BCRYPT}\nanna:{BCRYPT}\n"), ("line 1: the hash costs too much",
               f"anna:{BCRYPT}\n".replace("$04$", "$17$")), ("is not there; sami-llm-proxy user add NAME makes it", None))
        for words, content in bad:
            self.path.unlink(missing_ok=True)
            if content is not None:
                self.write(content)
            for arguments in ((), ("--check-config",)):
                problem = self.daemon(*arguments, code=2, settings={"PROXY_PORT": 0}).stderr
                self.assertTrue(problem.startswith("PROXY_USERS_FILE: "), problem)
                self.assertIn(words, problem)
                self.assertNotIn("hunter2", problem)
        self.write(f"boss:{BCRYPT}\n")
        pair = {"PROXY_AUTH_USERNAME": "boss", "PROXY_AUTH_PASSWORD": "correct horse battery"}
        self.assertIn("same name as PROXY_AUTH_USERNAME",
                      self.daemon("--check-config", code=2, settings=pair).stderr)

    @row("B§16: a word that is no command is answered with those that are")
    def test_words(self):
        for arguments in (("user",), ("user", "ad", "anna"), ("user", "--port", "1")):
            problem = self.daemon(*arguments, code=2).stderr
            self.assertIn("user: the next word is one of add, passwd, disable, enable, remove, list", problem)


class Links(UserCase):
    HOST = ("link", "--host", "proxy.example.com")

    @row("B§16: the link of a user has the password that standard input gives, if it is right")
    def test_password(self):
        self.write(f"anna:{pbkdf2('пароль')}\nboris:{BCRYPT}:disabled\n")
        before = self.read()
        for user, password, stdin in (("anna", "пароль", "пароль\n"), ("anna", "пароль", "пароль"),
                                      ("boris", "right", "right\r\n")):
            done = self.daemon(*self.HOST, "--user", user, stdin=stdin.encode())
            self.assertEqual(taken_apart(done.stdout)[:2], (user, password))
        for user, stdin, words in (("anna", "wrong\n", "has another password"), ("anna", "", "on standard input"),
                                   ("anna", "\n", "--new-password"), ("clara", "x\n", "is no user of")):
            problem = self.daemon(*self.HOST, "--user", user, stdin=stdin.encode(), code=2).stderr
            self.assertTrue(problem.startswith("--user: "), problem)
            self.assertIn(words, problem)
            self.assertNotIn("wrong", problem)
        self.assertEqual(self.read(), before)

    @row("B§16: or another password, which is made for it")
    def test_new_password(self):
        self.write(f"anna:{pbkdf2('right')}:connections=2\n")
        link = self.daemon(*self.HOST, "--user", "anna", "--new-password").stdout
        user, password, *_ = taken_apart(link)
        _, hash_text, options = self.line("anna")
        self.assertEqual((user, options), ("anna", "connections=2"))
        self.assertTrue(holds(hash_text, password))
        self.assertIn("needs --user", self.daemon(*self.HOST, "--new-password", code=2).stderr)

    @row("B§16: with a file of users a link is somebody's; the pair of variables still has its own")
    def test_whose(self):
        self.write(f"anna:{BCRYPT}\n")
        self.assertIn("--user: is needed", self.daemon(*self.HOST, code=2).stderr)
        pair = {"PROXY_AUTH_USERNAME": "boss", "PROXY_AUTH_PASSWORD": "correct horse battery"}
        for arguments in ((), ("--user", "boss")):
            link = self.daemon(*self.HOST, *arguments, settings=pair).stdout
            self.assertEqual(taken_apart(link)[:2], ("boss", "correct horse battery"))
        self.assertIn("is the user of PROXY_AUTH_USERNAME", self.daemon(
            *self.HOST, "--user", "boss", "--new-password", code=2, settings=pair).stderr)

    @row("B§16: what htpasswd -B writes is read")
    def test_htpasswd(self):
        if not shutil.which("htpasswd"):
            self.skipTest("there is no htpasswd")
        for cost, name, password in (("12", "anna", "correct horse"), ("5", "boris", "пароль"),
                                     ("10", "clara", "Schlüßel")):
            create = [] if self.path.exists() else ["-c"]
            made = subprocess.run(["htpasswd", "-b", "-B", "-C", cost, *create, self.path, name, password],
                                  capture_output=True, check=False)
            self.assertEqual(made.returncode, 0, made)
            link = self.daemon(*self.HOST, "--user", name, stdin=password.encode()).stdout
            self.assertEqual(taken_apart(link)[1], password)
        self.user("disable", "boris")
        again = subprocess.run(["htpasswd", "-b", "-v", self.path, "anna", "correct horse"],
                               capture_output=True, check=False)
        self.assertEqual(again.returncode, 0, again)


if __name__ == "__main__":
    unittest.main()
