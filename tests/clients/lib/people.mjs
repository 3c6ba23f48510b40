// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Users of a users file, which is made as an operator makes one: by htpasswd, and by the proxy's own command.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkExit } from './check.mjs';
import { run } from './process.mjs';

/// Those whom htpasswd writes: name and password of one alphabet each.
export const people = {
  ascii: { user: 'ada', password: 'battery/staple: 9%' },
  umlauts: { user: 'jürgen', password: 'Größe über Maß' },
  cyrillic: { user: 'Ольга', password: 'пароль Ёлки' },
};

/// A command of the proxy about its users file; returns what it prints.
export async function userCommand(binary, env, file, args) {
  const result = await run(binary, ['user', ...args], { env: { ...env, PROXY_USERS_FILE: file } });
  checkExit(result, 0, `user ${args[0]}`);
  return result.stdout;
}

/// `user add`: the password is printed once.
export async function addUser(binary, env, file, user) {
  const printed = await userCommand(binary, env, file, ['add', user]);
  return { user, password: /^password: (\S+)$/m.exec(printed)[1] };
}

/// A path for a users file, in a folder of its own.
export function newUsersFile(env, name) {
  const folder = join(env.TMPDIR, `users-${name}`);
  mkdirSync(folder, { mode: 0o700 });
  return join(folder, 'users');
}

/// Makes a file that both programs have written to; returns the users by what is special about them.
export async function makePeople(binary, env, file) {
  let first = true;
  for (const { user, password } of Object.values(people)) {
    const flags = ['-i', '-B', '-C', '12', ...(first ? ['-c'] : [])];
    checkExit(await run('htpasswd', [...flags, file, user], { env, input: password }), 0, 'htpasswd');
    first = false;
  }
  return { ...people, added: await addUser(binary, env, file, 'eve') };
}

/// A file of users who are about to lose their place, and of one who is not.
export async function makeLeavers(binary, env, file) {
  const all = {};
  for (const user of ['removed', 'disabled', 'expired', 'neighbour']) all[user] = await addUser(binary, env, file, user);
  return all;
}
