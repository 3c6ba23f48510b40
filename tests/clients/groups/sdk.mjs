// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The providers' own SDKs. Those with an `httpAgent` option (openai 4, Anthropic before 0.40) use
// https-proxy-agent, as the Sami desktop app does; the newer ones, built on fetch, use undici's
// ProxyAgent.
import { join } from 'node:path';
import { missingNodeModules } from '../lib/programs.mjs';
import { casesOf } from '../lib/scenarios.mjs';

export const missing = (world) => missingNodeModules(world,
  ['openai', 'openai-v4', '@anthropic-ai/sdk', 'anthropic-v0', 'https-proxy-agent', 'http-proxy-agent', 'undici']);

const names = ['openai-agent', 'anthropic-agent', 'openai-undici', 'anthropic-undici'];

export const cases = () => casesOf(names.map((name) => ({
  name, kind: 'sdk', schemes: ['https', 'http'], command: (world) => [world.node, join(world.here, 'node/sdk.mjs')],
})));
