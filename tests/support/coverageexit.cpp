// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The linker puts this in the place of _Exit() in coverage builds of the daemon: gcov writes its
// counters in destructors, which _Exit() leaves out.
extern "C" {

void __gcov_dump();
[[noreturn]] void __real__Exit(int status);

[[noreturn]] void __wrap__Exit(int status)
{
    __gcov_dump();
    __real__Exit(status);
}
}
