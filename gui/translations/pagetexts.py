#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""Gives the server's page (core/admin/page) the tray app's sentences, in both languages.

The API gives reasons as codes. The tray app has a sentence for each, and the page shows the same one.
This script reads the sentences from gui/text and sami_ru.ts and writes them into en.json and ru.json:
"reasons" by code, "words" by the names below. It leaves "page" alone, which has the page's own texts.

    gui/translations/pagetexts.py            writes them
    gui/translations/pagetexts.py --check    exits with 1 if a file is out of date
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "core/admin/page"

# The sources of the codes, in the order in which Reason::ofCode() looks: the first that has a code keeps it.
CODES = {
    "Cause": "core/account/reason.cpp",
    "Refusal": "core/policy/decision.cpp",
    "DialFault": "core/net/dialfault.cpp",
    "HeadFault": "core/http/headfault.cpp",
    "TargetFault": "core/http/requesttarget.cpp",
    "FramingFault": "core/http/bodyframing.cpp",
    "BodyFault": "core/http/bodyreader.cpp",
    "ForeignProtocol": "core/http/foreignprotocol.cpp",
    "Fault": "core/socks/fault.cpp",
    "TlsAcceptFault": "core/net/tlsacceptance.cpp",
}

# The page keeps only enough of a code to tell it apart: those of malformed HTTP are long, and the page is small.
KEY = 28

# The page's names for the tray app's sentences, with what takes the place of %1 and %2: how long it
# took (d), how long it was silent (s), the reason (r), a number (n, m). Those of wordingends.cpp are
# all here; page.js chooses among them as that file does.
ENDS = {
    "complete": ("Complete after %1", "d"),
    "fin_client": ("The client closed the connection after %1", "d"),
    "fin_upstream": ("The server closed the connection after %1", "d"),
    "reset_client": ("The client cut the connection after %1 (reset)", "d"),
    "reset_upstream": ("The server, or something on the way to it, cut the connection after %1 (reset)", "d"),
    "keepalive_client": ("Lost contact with the client: no answer to keep-alive probes, silent for %1", "s"),
    "keepalive_upstream": ("Lost contact with the server: no answer to keep-alive probes, silent for %1", "s"),
    "error_client": ("The connection to the client failed after %1", "d"),
    "error_upstream": ("The connection to the server failed after %1", "d"),
    "timeout:silence": ("Closed by the proxy: both sides were silent for %1", "s"),
    "timeout:dial": ("The server could not be reached in time (%1)", "d"),
    "timeout:head": ("Closed by the proxy: the client did not finish its request within %1", "d"),
    "timeout:idle": ("Closed by the proxy: no request came within %1", "d"),
    "refused": ("Refused", ""),
    "dial_failed": ("The server could not be reached", ""),
    "bad_request": ("Refused as not valid HTTP", ""),
    "bad_response": ("The answer could not be passed on", ""),
    "drained": ("Closed because the proxy was stopped, after %1", "d"),
    "limit": ("Refused because of a limit", ""),
    "fin_client_request": ("The client closed the connection before its request was complete, after %1", "d"),
    "fin_client_unused": ("The client closed the connection without a request, after %1", "d"),
    "fin_client_answer": ("The client closed the connection before the answer was complete, after %1", "d"),
    "fin_client_reach": ("The client gave up before the server was reached, after %1", "d"),
    "fin_client_wait": ("The client gave up before the answer began, after %1", "d"),
    "reset_client_request": ("The client cut the connection before its request was complete, after %1 (reset)", "d"),
    "keepalive_client_request": ("Lost contact with the client before its request was complete: no answer to "
                                 "keep-alive probes, silent for %1", "s"),
    "error_client_request": ("The connection to the client failed before its request was complete, after %1", "d"),
    "fin_no_response": ("The server closed the connection without an answer, after %1", "d"),
    "fin_response_incomplete": ("The server closed the connection before its answer was complete, after %1", "d"),
    "reset_no_response": ("The server, or something on the way to it, cut the connection without an answer, "
                          "after %1 (reset)", "d"),
    "reset_response_incomplete": ("The server, or something on the way to it, cut the connection before the answer "
                                  "was complete, after %1 (reset)", "d"),
    "keepalive_no_response": ("Lost contact with the server before it answered: no answer to keep-alive probes, "
                              "silent for %1", "s"),
    "keepalive_response_incomplete": ("Lost contact with the server before its answer was complete: no answer to "
                                      "keep-alive probes, silent for %1", "s"),
    "error_no_response": ("The connection to the server failed before it answered, after %1", "d"),
    "error_response_incomplete": ("The connection to the server failed before its answer was complete, after %1", "d"),
    "own": ("Answered by the proxy itself: %1", "r"),
    "unanswered": ("Given up by the proxy: the server did not answer within %1", "s"),
    "dns_timeout": ("The name server did not answer in time (%1)", "d"),
    "refused_why": ("Refused: %1", "r"),
    "dial_failed_why": ("The server could not be reached: %1", "r"),
    "bad_body_why": ("Ended because the client sent invalid HTTP: %1", "r"),
    "bad_request_why": ("Refused as not valid HTTP: %1", "r"),
    "bad_response_why": ("The answer could not be passed on: %1", "r"),
    "limit_cut_why": ("Cut because of a limit, after %1: %2", "dr"),
    "limit_why": ("Refused because of a limit: %1", "r"),
    "cut_why": ("Cut after %1: %2", "dr"),
}
# Said otherwise on the page: who closes there may be anybody with a token.
NOT_HERE = {"Closed by hand in this program, after %1"}
# Of wordingends.cpp too: the page has no column for the result in one word.
RESULTS = {"Complete", "Cut", "Not reached", "No request", "Cut by the client", "Cut by the server", "Cut by the proxy",
           "Cut by you"}
STATES = {
    "unused": ("no data yet", ""), "connecting": ("connecting", ""), "streaming": ("streaming", ""),
    "waiting": ("waiting", ""), "idle": ("idle", ""), "closing": ("closing", ""),
}
FORMATS = {
    "ms": ("%1 ms", "n"), "s": ("%1 s", "n"), "m_s": ("%1m %2s", "nm"), "h_m": ("%1h %2m", "nm"),
    "d_h": ("%1d %2h", "nm"), "rate": ("%1/s", "n"),
    "B": ("B", ""), "kB": ("kB", ""), "MB": ("MB", ""), "GB": ("GB", ""), "TB": ("TB", ""), "PB": ("PB", ""),
}


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def text_of(literals):
    """What C++'s string literals one after another come to."""
    return "".join(json.loads(f'"{part}"') for part in re.findall(r'"((?:[^"\\]|\\.)*)"', literals))


def cases(body, enum):
    """{enumerator: what the switch returns for it} of all switches over the enum."""
    found = {}
    for labels, returned in re.findall(rf"((?:case {enum}::\w+:\s*)+)return (.+?);\n", body, flags=re.DOTALL):
        for label in re.findall(r"::(\w+):", labels):
            found.setdefault(label, returned)
    return found


def sentences(source):
    """All that tr() is asked for in it."""
    return {text_of(found) for found in re.findall(r'\btr\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', source)}


def russian():
    """{(class, English): Russian}"""
    found = {}
    for context in xml.etree.ElementTree.fromstring(read("gui/translations/sami_ru.ts")).iter("context"):
        owner = context.findtext("name").split("::")[-1]
        for message in context.iter("message"):
            found[owner, message.findtext("source")] = message.findtext("translation")
    return found


def in_russian(translated, owner, sentence):
    """The page must not fall silent where the tray app still speaks English."""
    text = translated.get((owner, sentence)) or ""
    if not text.strip():
        raise SystemExit(f"sami_ru.ts has no Russian for {sentence!r} ({owner}): write it there first")
    return text


def reasons():
    """{code: (class, English)}"""
    texts = read("gui/text/wordingreasons.cpp")
    found = {}
    for enum, file in CODES.items():
        codes = {} if enum != "DialFault" else cases(read("core/account/reason.cpp"), enum)
        codes = {**cases(read(file), enum), **codes}
        said = cases(texts, enum)
        missing = set(codes) - set(said) - {"None"}
        if missing:
            raise SystemExit(f"wordingreasons.cpp has no sentence for {enum}: {sorted(missing)}")
        for value, returned in said.items():
            owner, literals = re.match(r"(\w+)::tr\((.*)\)$", returned, flags=re.DOTALL).groups()
            found.setdefault(text_of(codes[value]), (owner, text_of(literals)))
    return found


def with_names(sentence, names):
    for number, letter in enumerate(names, 1):
        sentence = sentence.replace(f"%{number}", f"{{{letter}}}")
    return sentence


def made():
    """{language: {"reasons": …, "words": …}}"""
    translated = russian()
    ends = read("gui/text/wordingends.cpp")
    if unknown := sentences(ends) - {sentence for sentence, _ in ENDS.values()} - NOT_HERE - RESULTS:
        raise SystemExit(f"wordingends.cpp says what is not in {__file__}: {sorted(unknown)}")
    languages = {"en": {"reasons": {}, "words": {}}, "ru": {"reasons": {}, "words": {}}}
    for code, (owner, sentence) in reasons().items():
        key = code[:KEY]
        if key in languages["ru"]["reasons"]:
            raise SystemExit(f"{KEY} characters no longer tell the reasons apart: {code!r}")
        if code != sentence:  # of malformed HTTP the code is the sentence
            languages["en"]["reasons"][key] = sentence
        languages["ru"]["reasons"][key] = in_russian(translated, owner, sentence)
    for owner, file, names in (("Wording", "gui/text/wordingends.cpp", ENDS), ("Wording", "gui/text/wording.cpp", STATES),
                               ("Formatting", "gui/text/formatting.cpp", FORMATS)):
        said = sentences(read(file))
        for key, (sentence, places) in names.items():
            if sentence not in said:
                raise SystemExit(f"{file} no longer says {sentence!r}")
            languages["en"]["words"][key] = with_names(sentence, places)
            languages["ru"]["words"][key] = with_names(in_russian(translated, owner, sentence), places)
    return languages


def packed(texts, is_for_people):
    """Texts that people edit get a line each; the rest is packed."""
    return json.dumps(texts, ensure_ascii=False, indent=0 if is_for_people else None, separators=(",", ":"))


def main():
    stale = False
    for language, parts in made().items():
        path = PAGE / f"{language}.json"
        old = json.loads(path.read_text(encoding="utf-8"))
        text = "{" + ",\n".join(f'"{name}":{packed(part, name == "page")}' for name, part in {"page": old["page"], **parts}.items()) + "}\n"
        if path.read_text(encoding="utf-8") != text:
            stale = True
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        raise SystemExit("the page's sentences are not the tray app's any more: run gui/translations/pagetexts.py")


if __name__ == "__main__":
    main()
