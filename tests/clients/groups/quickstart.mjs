// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The quick start's commands, verbatim except for the host and port of the proxy and of the
// provider. The test authority comes from CURL_CA_BUNDLE, so no command names it.
import { check, checkEqual, checkExit } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { quickstartCredentials } from '../lib/proxies.mjs';

export const missing = (world) => missingPrograms(world, { curl: 'curl' });

/// A command of the quick start through a shell, as its readers run it.
function shell(world, proxy, command) {
  const text = command
    .replace('your-server:8080', `${proxy.host}:${proxy.port}`)
    .replace('https://api.openai.com', world.base('https'));
  return run('sh', ['-c', text], { env: { ...world.env, CURL_CA_BUNDLE: world.tls.ca }, timeoutMs: world.caseMs });
}

const plain = ['open', 'quickstart'];

export const cases = () => [
  ...plain.map((name) => ({
    name: `curl http://your-server:8080 (${name})`, needs: [name], daemonOnly: true,
    run: async (world) => {
      const result = await shell(world, world.proxies[name], 'curl http://your-server:8080');
      checkExit(result, 0, 'the page');
      check(/proxy/i.test(result.stdout), 'the page does not speak of a proxy', result);
      const status = await shell(world, world.proxies[name], 'curl -s -o /dev/null -w "%{http_code}" http://your-server:8080');
      checkEqual(status.stdout, '200', 'status', status);
    },
  })),
  ...plain.map((name) => ({
    name: `curl http://your-server:8080/health (${name})`, needs: [name], daemonOnly: true,
    run: async (world) => {
      const result = await shell(world, world.proxies[name], 'curl http://your-server:8080/health');
      checkExit(result, 0, 'the page');
      const health = JSON.parse(result.stdout);
      checkEqual(health.status, 'ok', 'status', result);
      check('timestamp' in health && 'version' in health && typeof health.uptime === 'number', 'a field is missing', health);
    },
  })),
  {
    name: 'curl -x http://your-server:8080 https://api.openai.com/v1/models', needs: ['open'],
    run: async (world) => {
      const command = 'curl -x http://your-server:8080 https://api.openai.com/v1/models';
      const result = await shell(world, world.proxies.open, command);
      checkExit(result, 0, 'the request');
      check(result.stdout.includes('invalid_api_key'), 'not the provider\'s 401', result);
      const status = await shell(world, world.proxies.open, `${command} -s -o /dev/null -w "%{http_code}"`);
      checkEqual(status.stdout, '401', 'status: without a key the provider answers', status);
    },
  },
  {
    name: 'curl -x http://admin:secret123@your-server:8080 https://api.openai.com/v1/models', needs: ['quickstart'],
    run: async (world) => {
      const { user, password } = quickstartCredentials;
      const command = `curl -x http://${user}:${password}@your-server:8080 https://api.openai.com/v1/models`;
      const result = await shell(world, world.proxies.quickstart, command);
      checkExit(result, 0, 'the request');
      check(result.stdout.includes('invalid_api_key'), 'not the provider\'s 401', result);
    },
  },
  {
    name: 'the same without credentials meets a 407', needs: ['quickstart'],
    run: async (world) => {
      const result = await shell(world, world.proxies.quickstart,
        'curl -x http://your-server:8080 https://api.openai.com/v1/models');
      checkExit(result, 56, 'the request');
      check(result.stderr.includes('407'), 'no 407', result);
    },
  },
];
