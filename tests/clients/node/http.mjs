// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// axios and undici through the proxy.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { perform, question, report, require, streamHeaders, task } from './task.mjs';

const headers = { authorization: `Bearer ${task.apiKey}` };

/// send(method, path, { headers, json, file }) → { status, body: Readable }
const senders = {
  axios: () => {
    const { HttpsProxyAgent } = require('https-proxy-agent');
    const { HttpProxyAgent } = require('http-proxy-agent');
    const options = { keepAlive: true };
    return axiosSender({
      proxy: false, httpAgent: new HttpProxyAgent(task.proxy, options), httpsAgent: new HttpsProxyAgent(task.proxy, options),
    });
  },
  'axios-own-proxy': () => {
    const url = new URL(task.proxy);
    const auth = url.username
      ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } : undefined;
    return axiosSender({ proxy: { protocol: url.protocol, host: url.hostname, port: Number(url.port), auth } });
  },
  undici: () => undiciSender({}),
  'undici-absolute': () => undiciSender({ proxyTunnel: false }),
};

function axiosSender(config) {
  const client = require('axios').create({
    ...config, baseURL: task.target, responseType: 'stream', maxBodyLength: Infinity, maxRedirects: 0,
  });
  return async (method, path, { headers: more, json, file } = {}) => {
    const response = await client.request({
      method, url: path, data: json ?? (file && createReadStream(file)),
      headers: { ...headers, ...more, ...(file ? { 'content-type': 'application/octet-stream', 'content-length': statSync(file).size } : {}) },
    });
    return response.data;
  };
}

function undiciSender(options) {
  const { ProxyAgent, fetch } = require('undici');
  const url = new URL(task.proxy);
  const plain = `${url.protocol}//${url.host}`;
  const token = url.username
    && `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
  const dispatcher = new ProxyAgent({ uri: plain, ...(token ? { token } : {}), ...options });
  return async (method, path, { headers: more, json, file } = {}) => {
    const response = await fetch(task.target + path, {
      method, dispatcher, headers: { ...headers, ...more, ...(json ? { 'content-type': 'application/json' } : {}) },
      body: json ? JSON.stringify(json) : (file ? Readable.toWeb(createReadStream(file)) : undefined),
      ...(file ? { duplex: 'half' } : {}),
    });
    if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
    return Readable.fromWeb(response.body);
  };
}

const send = senders[task.client]();

async function sendForJson(...args) {
  let text = '';
  for await (const part of await send(...args)) text += part;
  return JSON.parse(text);
}

await perform({
  models: async () => ({ models: (await sendForJson('GET', '/v1/models')).data.length }),
  chat: async () => ({ text: (await sendForJson('POST', '/v1/chat/completions', { json: question })).choices[0].message.content }),
  stream: async () => {
    const body = await send('POST', '/v1/chat/completions', { headers: streamHeaders, json: { ...question, stream: true } });
    let text = '';
    let rest = '';
    for await (const part of body) {
      const lines = (rest + part).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith('data: {')) text += report(JSON.parse(line.slice('data: '.length)).choices[0].delta.content);
      }
    }
    return { text };
  },
  upload: () => sendForJson('POST', '/upload', { file: task.file }),
  many: async () => {
    let answers = 0;
    for (const name of task.together) {
      const ten = Array.from({ length: 10 }, () => sendForJson('GET', '/v1/models', { headers: { 'x-mock-together': name } }));
      answers += (await Promise.all(ten)).length;
    }
    return { answers };
  },
  download: async () => {
    const hash = createHash('sha256');
    for await (const part of await send('GET', `/bytes/${task.downloadSize}?chunked=1`)) hash.update(part);
    return { sha256: hash.digest('hex') };
  },
  echo: () => sendForJson('GET', task.path),
});
