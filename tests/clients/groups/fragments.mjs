// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// lftp and PHP send a URL's fragment to the proxy, also that of a redirect's target. It concerns only the client (RFC
// 9110 §7.1): the request is forwarded without it.
import { check, checkExit } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';

export const missing = (world) => missingPrograms(world, { lftp: 'lftp', php: 'php-cli' });

const script = `$options = ['http' => ['proxy' => 'tcp://' . $argv[1], 'request_fulluri' => true]];
$answer = file_get_contents($argv[2], false, stream_context_create($options));
if ($answer === false) exit(1);
echo $answer;`;

const programs = {
  lftp: (world, { url }, target) => ['lftp', ['-c', `set http:proxy ${url}; set net:max-retries 1; cat "${target}"`]],
  php: (world, { host, port }, target) => ['php', ['-r', script, `${host}:${port}`, target]],
};

const targets = {
  'a fragment': '/echo?a=1#usage',
  'a redirect to a fragment': '/redirect',
};

export const cases = () => Object.entries(programs).flatMap(([name, command]) => Object.entries(targets).map(([what, path]) => ({
  name: `${name}: ${what}`, needs: ['open'],
  run: async (world) => {
    const [program, args] = command(world, world.proxies.open, world.base('http') + path);
    const result = await run(program, args, { env: world.env, timeoutMs: world.caseMs });
    checkExit(result, 0, name);
    check(result.stdout.includes('"target":"/echo?a=1"'), 'the origin sees another target', result);
  },
})));
