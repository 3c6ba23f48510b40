// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What a user of the encrypted door has: the certificate that the proxy's commands export, and the pin.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkExit } from './check.mjs';
import { run } from './process.mjs';
import { newStateFolder } from './proxies.mjs';

/// Runs a command of the daemon while another one runs.
export async function ask(world, state, command) {
  const result = await run(world.binary, [command], { env: { ...world.env, PROXY_STATE_DIR: state } });
  checkExit(result, 0, command);
  return result.stdout;
}

let exported = null;

async function exportAll(world) {
  const origin = readFileSync(world.tls.ca, 'utf8'); // stands for the provider's authority, which every system trusts
  const file = (name, ...parts) => {
    const path = join(world.dir, name);
    writeFileSync(path, parts.join(''));
    return path;
  };
  const of = async (name, state) => {
    const certificate = await ask(world, state, '--export-cert');
    return {
      certificate: file(`${name}.pem`, certificate),
      /// ... for a program that has one list for providers and proxy.
      both: file(`${name}-both.pem`, origin, certificate),
      bundle: file(`${name}-bundle.pem`, await ask(world, state, '--export-bundle'), origin),
      pin: (await ask(world, state, '--pin')).trim(),
    };
  };
  const files = { stranger: await of('stranger', newStateFolder(world.env, 'stranger')) };
  for (const proxy of Object.values(world.proxies)) {
    if (proxy.state) files[proxy.name] = await of(proxy.name, proxy.state);
  }
  return files;
}

/// { certificate, both, bundle, pin } of a proxy with an identity, or of one that no client here uses ("stranger").
export async function trustIn(world, name) {
  exported ??= exportAll(world);
  return (await exported)[name];
}

/// The proxy's address as typed for TLS, with the right credentials unless others are given.
export function doorUrl(proxy, given = proxy.credentials) {
  return (given ? proxy.urlWith(given) : proxy.url).replace('http:', 'https:').replace('127.0.0.1', 'localhost');
}
