// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

#include <cstdio>

namespace sami::daemon {

namespace {

void writeAll(std::FILE *file, const QByteArray &text)
{
    // A closed pipe or a full disk must not end the proxy: what cannot be written is lost.
    std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()), file);
    std::fflush(file);
}

} // namespace

void printOut(const QString &text)
{
    writeAll(stdout, text.toUtf8());
}

void printError(const QString &text)
{
    writeAll(stderr, text.toUtf8());
}

void writeLogLine(const QByteArray &line)
{
    writeAll(stdout, line);
}

} // namespace sami::daemon
