# SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
# SPDX-License-Identifier: MIT
"""python3-requests through the proxy."""
import hashlib
from concurrent.futures import ThreadPoolExecutor

import requests

from task import BadStatus, answer_of, fail, headers, question, say, stream_headers, stream_question, task, text_of, url

session = requests.Session()
session.proxies = {"http": task.proxy, "https": task.proxy}
session.verify = task.ca
session.headers.update(headers)
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=10))
session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=10))


def checked(response):
    if response.status_code != 200:
        raise BadStatus(response.status_code)
    return response


def models():
    return {"models": len(checked(session.get(url["models"])).json()["data"])}


def chat():
    return answer_of(checked(session.post(url["chat"], json=question)).json())


def stream():
    with session.post(url["chat"], json=stream_question, headers=stream_headers, stream=True) as response:
        checked(response)
        # chunk_size=None returns what has arrived, instead of waiting for 512 bytes.
        return {"text": "".join(text_of(line.decode()) for line in response.iter_lines(chunk_size=None))}


def upload():
    with open(task.file, "rb") as data:
        return checked(session.post(url["upload"], data=data)).json()


def many():
    def one(name):
        return checked(session.get(url["models"], headers={"x-mock-together": name}))

    with ThreadPoolExecutor(10) as pool:
        return {"answers": sum(len(list(pool.map(one, [name] * 10))) for name in task.together)}


def download():
    digest = hashlib.sha256()
    with session.get(url["download"], stream=True) as response:
        for part in checked(response).iter_content(65536):
            digest.update(part)
    return {"sha256": digest.hexdigest()}


def echo():
    return checked(session.get(url["echo"])).json()


try:
    say(result=globals()[task.scenario]())
except (requests.RequestException, BadStatus) as error:
    fail(error)
