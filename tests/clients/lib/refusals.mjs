// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { phrases } from './phrases.mjs';
import { wrongCredentials } from './proxies.mjs';

/// The refusals that users meet: { name, phrase, needs, proxyUrl(world), target(world, scheme) }.
export const refusals = [
  {
    name: 'a host that is not on the list', phrase: phrases.host, needs: ['fenced'],
    proxyUrl: (world) => world.proxies.fenced.url, target: (world, scheme) => world.base(scheme),
  },
  {
    name: 'the machine of the proxy', phrase: phrases.own, needs: ['closed'],
    proxyUrl: (world) => world.proxies.closed.url, target: (world, scheme) => world.base(scheme, '127.0.0.1'),
  },
  {
    name: 'a private address', phrase: phrases.private, needs: ['closed'],
    proxyUrl: (world) => world.proxies.closed.url, target: (_world, scheme) => `${scheme}://10.255.255.254`,
  },
  {
    name: 'a wrong password', phrase: phrases.password, needs: ['auth'],
    proxyUrl: (world) => world.proxies.auth.urlWith(wrongCredentials), target: (world, scheme) => world.base(scheme),
  },
  {
    name: 'a name that is not found', phrase: phrases.name, needs: ['open'],
    proxyUrl: (world) => world.proxies.open.url, target: (world, scheme) => `${scheme}://no-such-host.invalid`,
  },
];
