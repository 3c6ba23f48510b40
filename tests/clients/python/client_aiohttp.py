# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""python3-aiohttp through the proxy."""
import asyncio
import hashlib
import ssl

import aiohttp

from task import BadStatus, answer_of, fail, headers, question, say, stream_headers, stream_question, task, text_of, url


def checked(response):
    if response.status != 200:
        raise BadStatus(response.status)
    return response


class Client:
    """A session that sends every request through the proxy."""

    def __init__(self, session):
        self._session = session

    def get(self, target, **more):
        return self._session.get(target, proxy=task.proxy, **more)

    def post(self, target, **more):
        return self._session.post(target, proxy=task.proxy, **more)


async def models(client):
    async with client.get(url["models"]) as response:
        return {"models": len((await checked(response).json())["data"])}


async def chat(client):
    async with client.post(url["chat"], json=question) as response:
        return answer_of(await checked(response).json())


async def stream(client):
    text = ""
    async with client.post(url["chat"], json=stream_question, headers=stream_headers) as response:
        async for line in checked(response).content:
            text += text_of(line.decode())
    return {"text": text}


async def upload(client):
    with open(task.file, "rb") as data:
        async with client.post(url["upload"], data=data) as response:
            return await checked(response).json()


async def many(client):
    async def one(name):
        async with client.get(url["models"], headers={"x-mock-together": name}) as response:
            await checked(response).read()
            return 1

    return {"answers": sum([sum(await asyncio.gather(*(one(name) for _ in range(10)))) for name in task.together])}


async def download(client):
    digest = hashlib.sha256()
    async with client.get(url["download"]) as response:
        async for part in checked(response).content.iter_any():
            digest.update(part)
    return {"sha256": digest.hexdigest()}


async def echo(client):
    async with client.get(url["echo"]) as response:
        return await checked(response).json()


async def main():
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=task.ca))
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        say(result=await globals()[task.scenario](Client(session)))


try:
    asyncio.run(main())
except (aiohttp.ClientError, BadStatus) as error:
    fail(error)
