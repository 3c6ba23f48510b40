// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// sdk.mjs MODULES PROXY BASE_URL: one streamed chat through the proxy by OpenAI's SDK; prints the text.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, proxy, baseURL] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const OpenAI = require('openai').default;
const { ProxyAgent, fetch } = require('undici');

const client = new OpenAI({ apiKey: 'none', baseURL, maxRetries: 0, fetch, fetchOptions: { dispatcher: new ProxyAgent(proxy) } });
const stream = await client.chat.completions.create({ model: 'mock', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
for await (const chunk of stream) process.stdout.write(chunk.choices[0].delta.content);
