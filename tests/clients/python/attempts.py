# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""One request for each attempt in CLIENT_TASK, in order: {"result": {"models": N}} or {"error": text}."""
import asyncio
import json
import os
import ssl
import types

import aiohttp
import httpx
import requests

task = types.SimpleNamespace(**json.loads(os.environ["CLIENT_TASK"]))
headers = {"Authorization": "Bearer " + task.apiKey}
trust = ssl.create_default_context(cafile=task.ca)


def counted(status, reason, text):
    """What a client's user sees of a response."""
    if status != 200:
        return {"error": f"status {status} {reason}"}
    return {"result": {"models": len(json.loads(text)["data"])}}


def with_requests(url, proxy):
    response = requests.get(url, proxies={"http": proxy, "https": proxy}, verify=task.ca, headers=headers)
    return counted(response.status_code, response.reason, response.text)


def with_httpx(url, proxy):
    async def get():  # httpcore before 0.18 cannot do TLS inside TLS without asyncio
        async with httpx.AsyncClient(proxies=proxy, verify=trust, headers=headers) as client:
            response = await client.get(url)
            return counted(response.status_code, response.reason_phrase, response.text)

    return asyncio.run(get())


def with_aiohttp(url, proxy):
    async def get():
        async with aiohttp.ClientSession(headers=headers) as session:
            async with session.get(url, proxy=proxy, ssl=trust) as response:
                return counted(response.status, response.reason, await response.text())

    return asyncio.run(get())


clients = {"requests": with_requests, "httpx": with_httpx, "aiohttp": with_aiohttp}
for attempt in task.attempts:
    try:
        outcome = clients[attempt["client"]](attempt["url"] + "/v1/models", attempt["proxy"])
    except (requests.RequestException, httpx.HTTPError, aiohttp.ClientError, UnicodeEncodeError) as error:
        outcome = {"error": f"{type(error).__name__}: {error}"}  # a traceback's last line
    print(json.dumps(outcome), flush=True)
