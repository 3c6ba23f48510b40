// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { missingPythonModules } from '../lib/programs.mjs';
import { casesOf } from '../lib/scenarios.mjs';

export const missing = (world) => missingPythonModules(world, {
  requests: 'python3-requests', httpx: 'python3-httpx', aiohttp: 'python3-aiohttp',
});

export const cases = () => casesOf(['requests', 'httpx', 'aiohttp'].map((name) => ({
  name, kind: 'http', schemes: ['https', 'http'],
  command: (world) => [world.python, '-B', join(world.here, 'python', `client_${name}.py`)],
})));
