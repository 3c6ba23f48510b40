# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""The task of a client script, and how it reports; see lib/scenarios.mjs."""
import json
import os
import types

task = types.SimpleNamespace(**json.loads(os.environ["CLIENT_TASK"]))
headers = {"Authorization": "Bearer " + task.apiKey}
url = {
    "models": task.target + "/v1/models",
    "chat": task.target + "/v1/chat/completions",
    "upload": task.target + "/upload",
    "download": f"{task.target}/bytes/{task.downloadSize}?chunked=1",
    "echo": task.target + getattr(task, "path", ""),
}
question = {"model": "mock-small", "messages": [{"role": "user", "content": "hello"}]}
stream_question = {**question, "stream": True}
stream_headers = {**headers, "x-mock-gate": task.gate, "x-mock-events": str(getattr(task, "events", 3))}
if hasattr(task, "cutAfter"):
    stream_headers["x-mock-cut-after"] = str(task.cutAfter)


class BadStatus(Exception):
    def __init__(self, status):
        super().__init__(f"status {status}")
        self.status = status


def say(**line):
    print(json.dumps(line), flush=True)


def text_of(event_line):
    """The text in one line of an event stream; also reports it."""
    if not event_line.startswith("data: {"):
        return ""
    text = json.loads(event_line[len("data: "):])["choices"][0]["delta"].get("content", "")
    if text:
        say(event=text)
    return text


def answer_of(completion):
    return {"text": completion["choices"][0]["message"]["content"]}


def fail(error):
    status = getattr(error, "status", None)
    say(error={"message": f"{type(error).__name__}: {error!r}", "status": status if isinstance(status, int) else None})
