// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// One request for each attempt in CLIENT_TASK, in order: {"result": {"models": N}} or {"error": text}.
import { describe, require, say, task } from './task.mjs';

const headers = { authorization: `Bearer ${task.apiKey}` };

async function withUndici(url, proxy, options = {}) {
  const { ProxyAgent, fetch } = require('undici');
  const { username, password, origin } = new URL(proxy);
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const dispatcher = new ProxyAgent({ uri: origin, ...(username ? { token: `Basic ${basic}` } : {}), ...options });
  const response = await fetch(url, { dispatcher, headers });
  if (!response.ok) return { error: `status ${response.status} ${response.statusText}` };
  return { result: { models: (await response.json()).data.length } };
}

async function withAxios(url, proxy) {
  const { HttpsProxyAgent } = require('https-proxy-agent');
  const { HttpProxyAgent } = require('http-proxy-agent');
  const response = await require('axios').get(url,
    { proxy: false, httpAgent: new HttpProxyAgent(proxy), httpsAgent: new HttpsProxyAgent(proxy), headers });
  return { result: { models: response.data.data.length } };
}

/// How an SDK is told about the proxy: `httpAgent`, or the options of fetch().
function transportOf(way, proxy) {
  if (way === 'agent') return { httpAgent: new (require('https-proxy-agent').HttpsProxyAgent)(proxy) };
  const { ProxyAgent, fetch } = require('undici');
  return { fetch, fetchOptions: { dispatcher: new ProxyAgent(proxy) } };
}

const withSdk = (provider, way, path = '') => async (url, proxy) => {
  const Sdk = require(provider).default;
  const client = new Sdk({ apiKey: task.apiKey, maxRetries: 0, baseURL: url.replace('/v1/models', path), ...transportOf(way, proxy) });
  return { result: { models: (await client.models.list()).data.length } };
};

const clients = {
  axios: withAxios,
  undici: withUndici,
  'undici-absolute': (url, proxy) => withUndici(url, proxy, { proxyTunnel: false }),
  'openai-agent': withSdk('openai-v4', 'agent', '/v1'),
  'openai-undici': withSdk('openai', 'undici', '/v1'),
  'anthropic-agent': withSdk('anthropic-v0', 'agent'),
  'anthropic-undici': withSdk('@anthropic-ai/sdk', 'undici'),
};

for (const { client, url, proxy } of task.attempts) {
  try {
    say(await clients[client](`${url}/v1/models`, proxy));
  } catch (error) {
    say({ error: describe(error) });
  }
}
process.exit(0);
