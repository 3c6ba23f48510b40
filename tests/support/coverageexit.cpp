// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// In coverage builds of the daemon the linker puts this in place of _Exit(), because gcov writes
// its counters in destructors, which _Exit() skips.
extern "C" {

void __gcov_dump();
[[noreturn]] void __real__Exit(int status);

[[noreturn]] void __wrap__Exit(int status)
{
    __gcov_dump();
    __real__Exit(status);
}
}
