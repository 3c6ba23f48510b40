// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The SDKs of OpenAI and Anthropic through the proxy.
import { createReadStream, readFileSync } from 'node:fs';
import { perform, question, report, require, streamHeaders, task } from './task.mjs';

const [provider, way] = task.client.split('-');

/// How the SDK is told about the proxy.
function transport() {
  if (way === 'agent') {
    const { HttpsProxyAgent } = require('https-proxy-agent');
    const { HttpProxyAgent } = require('http-proxy-agent');
    const Agent = task.scheme === 'https' ? HttpsProxyAgent : HttpProxyAgent;
    // Without keepAlive, as people write it: with it, node-fetch 2 on Node 18 reports every stream
    // as prematurely closed, even without a proxy.
    return { httpAgent: new Agent(task.proxy) };
  }
  const { ProxyAgent, fetch } = require('undici');
  return { fetch, fetchOptions: { dispatcher: new ProxyAgent(task.proxy) } };
}

const settings = { apiKey: task.apiKey, maxRetries: 0, ...transport() };
const withHeaders = (headers) => ({ headers });

const openai = () => {
  const OpenAI = require(way === 'agent' ? 'openai-v4' : 'openai').default;
  const client = new OpenAI({ ...settings, baseURL: `${task.target}/v1` });
  return {
    list: async (headers) => (await client.models.list(withHeaders(headers))).data,
    ask: async () => (await client.chat.completions.create(question)).choices[0].message.content,
    stream: async () => {
      let text = '';
      for await (const chunk of await client.chat.completions.create({ ...question, stream: true }, withHeaders(streamHeaders))) {
        text += report(chunk.choices[0].delta.content);
      }
      return text;
    },
    upload: async () => {
      const file = await client.files.create({ file: createReadStream(task.file), purpose: 'assistants' });
      return { length: file.bytes, sha256: file.id.replace('file-', '') };
    },
  };
};

const anthropic = () => {
  const Anthropic = require(way === 'agent' ? 'anthropic-v0' : '@anthropic-ai/sdk').default;
  const client = new Anthropic({ ...settings, baseURL: task.target });
  const message = { ...question, max_tokens: 100 };
  return {
    list: async (headers) => (await client.models.list({}, withHeaders(headers))).data,
    ask: async () => (await client.messages.create(message)).content[0].text,
    stream: async () => {
      let text = '';
      const events = client.messages.stream(message, withHeaders(streamHeaders));
      for await (const event of events) {
        if (event.type === 'content_block_delta') text += report(event.delta.text);
      }
      await events.finalMessage();
      return text;
    },
    upload: async () => {
      const content = readFileSync(task.file, 'utf8');
      const answer = await client.messages.create({ ...message, messages: [{ role: 'user', content }] });
      const [, length, sha256] = /length=(\d+) sha256=(\w+)/.exec(answer.content[0].text);
      return { length: Number(length), sha256 };
    },
  };
};

const client = { openai, anthropic }[provider]();

await perform({
  models: async () => ({ models: (await client.list()).length }),
  chat: async () => ({ text: await client.ask() }),
  stream: async () => ({ text: await client.stream() }),
  upload: () => client.upload(),
  many: async () => {
    let answers = 0;
    for (const name of task.together) {
      const ten = Array.from({ length: 10 }, () => client.list({ 'x-mock-together': name }));
      answers += (await Promise.all(ten)).length;
    }
    return { answers };
  },
});
