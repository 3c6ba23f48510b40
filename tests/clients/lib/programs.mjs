// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.mjs';

/// A line for each missing program, with the Debian package that contains it.
export async function missingPrograms(world, programs) {
  const lines = [];
  for (const [program, debianPackage] of Object.entries(programs)) {
    const { error } = await run(program, ['--version'], { env: world.env });
    if (error) lines.push(`${program} is missing: install the Debian package "${debianPackage}"`);
  }
  return lines;
}

export async function missingPythonModules(world, modules) {
  const lines = [];
  for (const [module, debianPackage] of Object.entries(modules)) {
    const { error, code } = await run(world.python, ['-B', '-c', `import ${module}`], { env: world.env });
    if (error) return [`${world.python} is missing: install the Debian package "python3"`];
    if (code !== 0) lines.push(`${world.python} has no module ${module}: install the Debian package "${debianPackage}"`);
  }
  return lines;
}

export function missingNodeModules(world, modules) {
  return modules
    .filter((name) => !existsSync(join(world.modules, 'node_modules', name, 'package.json')))
    .map((name) => `the npm package ${name} is missing: run npm_ci.mjs ${world.modules} (npm is in the Debian package "npm")`);
}
