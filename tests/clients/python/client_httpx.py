# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""python3-httpx through the proxy: the library that the providers' Python SDKs are built on."""
import asyncio
import hashlib
import ssl

import httpx

from task import BadStatus, answer_of, fail, headers, question, say, stream_headers, stream_question, task, text_of, url


def checked(response):
    if response.status_code != 200:
        raise BadStatus(response.status_code)
    return response


async def models(client):
    return {"models": len(checked(await client.get(url["models"])).json()["data"])}


async def chat(client):
    return answer_of(checked(await client.post(url["chat"], json=question)).json())


async def stream(client):
    text = ""
    async with client.stream("POST", url["chat"], json=stream_question, headers=stream_headers) as response:
        async for line in checked(response).aiter_lines():
            text += text_of(line)
    return {"text": text}


async def upload(client):
    async def parts():
        with open(task.file, "rb") as data:
            while part := data.read(65536):
                yield part

    return checked(await client.post(url["upload"], content=parts())).json()


async def many(client):
    answers = 0
    for name in task.together:
        requests = (client.get(url["models"], headers={"x-mock-together": name}) for _ in range(10))
        answers += sum(checked(response).status_code == 200 for response in await asyncio.gather(*requests))
    return {"answers": answers}


async def download(client):
    digest = hashlib.sha256()
    async with client.stream("GET", url["download"]) as response:
        async for part in checked(response).aiter_bytes():
            digest.update(part)
    return {"sha256": digest.hexdigest()}


async def echo(client):
    return checked(await client.get(url["echo"])).json()


async def main():
    trust = ssl.create_default_context(cafile=task.ca)
    async with httpx.AsyncClient(proxies=task.proxy, verify=trust, headers=headers, timeout=40) as client:
        say(result=await globals()[task.scenario](client))


try:
    asyncio.run(main())
except (httpx.HTTPError, ssl.SSLError, BadStatus) as error:  # httpx 0.23 lets SSLError through
    fail(error)
