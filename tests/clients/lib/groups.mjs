// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The groups, and what enables those that need more than a newcomer's machine has.

export const ordinaryGroups = [
  'quickstart', 'curl', 'wget', 'git', 'python', 'node', 'sdk', 'passwords', 'refusals', 'moving', 'socks', 'door', 'users',
];

/// Programs that are large or would start services: ./test.sh --real installs them.
export const realGroups = ['balancers', 'chromium', 'corkscrew', 'fragments', 'go', 'haproxy', 'java', 'mitmproxy', 'ssh'];

/// Programs of 400 MB each, one of them not free software: ./test.sh --agents installs them.
export const agentGroups = ['agents'];

const switches = [
  { groups: realGroups, variable: 'SAMI_REAL', command: './test.sh --real' },
  { groups: agentGroups, variable: 'SAMI_AGENTS', command: './test.sh --agents' },
];

const switchOf = (name) => switches.find(({ groups }) => groups.includes(name));

export const isOn = (name) => !switchOf(name) || process.env[switchOf(name).variable] === '1';

export const whyNot = (name) => `needs ${switchOf(name).command}`;
