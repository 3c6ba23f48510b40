// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// axios, undici and ws. The SDKs have their own group.
import { join } from 'node:path';
import { check, checkEqual } from '../lib/check.mjs';
import { missingNodeModules } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';
import { casesOf, perform, succeed } from '../lib/scenarios.mjs';

export const missing = (world) => missingNodeModules(world, ['axios', 'http-proxy-agent', 'https-proxy-agent', 'undici', 'ws']);

const script = (file) => (world) => [world.node, join(world.here, 'node', file)];
const http = { kind: 'http', command: script('http.mjs') };

const clients = [
  // https-proxy-agent for https://, http-proxy-agent (absolute-form) for http://.
  { ...http, name: 'axios', schemes: ['https', 'http'] },
  // axios' own `proxy` option: a tunnel for https://, absolute-form for http://.
  { ...http, name: 'axios-own-proxy', schemes: ['https', 'http'] },
  { ...http, name: 'undici', schemes: ['https', 'http'], tunnels: true },
  { ...http, name: 'undici-absolute', schemes: ['http'] },
];

const socket = { name: 'ws', command: script('websocket.mjs') };

function webSocketCases(scheme) {
  const shake = async (world, proxyUrl) => {
    const { result } = await succeed(world, socket, scheme, 'echo', proxyUrl);
    checkEqual(result.welcome, 'welcome', 'the server\'s first message');
    checkEqual(result.echoes, 5, 'messages that came back');
  };
  return [
    { name: 'no credentials wanted, none given', needs: ['open'], run: (world) => shake(world, world.proxies.open.url) },
    { name: 'right credentials; each message comes back before the next', needs: ['auth'], run: (world) => shake(world, world.proxies.auth.urlWith()) },
    ...[true, false].map((given) => ({
      name: `${given ? 'wrong' : 'missing'} credentials meet a 407`, needs: ['auth'],
      run: async (world) => {
        const { auth: proxy } = world.proxies;
        const { error, result } = await perform(world, socket, scheme, 'echo', given ? proxy.urlWith(wrongCredentials) : proxy.url);
        check(error && /\b407\b/.test(error.message), 'the error does not speak of a 407', error ?? result);
      },
    })),
    {
      name: 'a message of 20 MB there and back', needs: ['auth'],
      run: async (world) => {
        const { result } = await succeed(world, socket, scheme, 'upload', world.proxies.auth.urlWith());
        checkEqual(result.sha256, world.upload.sha256, 'sha256');
      },
    },
    {
      name: 'ten at once', needs: ['auth'],
      run: async (world) => {
        const { result } = await succeed(world, socket, scheme, 'many', world.proxies.auth.urlWith());
        checkEqual(result.answers, 10, 'answers');
      },
    },
    {
      name: 'silence, then a message', needs: ['auth'],
      run: async (world) => {
        const { result } = await succeed(world, socket, scheme, 'silence', world.proxies.auth.urlWith());
        checkEqual(result.echoes, 2, 'messages that came back');
      },
    },
  ].map((one) => ({ ...one, name: `ws · ${scheme === 'https' ? 'wss' : 'ws'}: ${one.name}` }));
}

export const cases = () => [...casesOf(clients), ...webSocketCases('https'), ...webSocketCases('http')];
