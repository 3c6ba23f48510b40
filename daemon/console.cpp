// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/console.h"

#include "base/logrecord.h"

#include <QList>

#include <cstdio>

namespace sami::daemon {

namespace {

/// Returns how much was written; 0 if any of it is lost in the buffer. A closed pipe or a full disk
/// must not end the proxy.
std::size_t writeAll(std::FILE *file, const QByteArray &text)
{
    const auto size = static_cast<std::size_t>(text.size());
    const std::size_t written = std::fwrite(text.constData(), 1, size, file);
    return std::fflush(file) == 0 ? written : 0;
}

/// Escapes the lines: a setting, a file or a stranger may have put anything into them.
QByteArray safe(const QString &text)
{
    QByteArray out;
    for (const QByteArray &line : text.toUtf8().split('\n'))
        out += escaped(line) + '\n';
    out.chop(1);
    return out;
}

} // namespace

bool printOut(const QString &text)
{
    const QByteArray octets = safe(text);
    return writeAll(stdout, octets) == std::size_t(octets.size());
}

void printError(const QString &text)
{
    writeAll(stderr, safe(text));
}

bool printPicture(const QString &lines)
{
    const QByteArray octets = lines.toUtf8();
    return writeAll(stdout, octets) == std::size_t(octets.size());
}

QByteArray readSecretLine(const QString &prompt)
{
    constexpr int longest = 4096;
    const bool isTerminal = showTyping(false);
    if (isTerminal)
        printError(prompt);
    QByteArray line(longest + 2, '\0');
    const bool isThere = std::fgets(line.data(), longest + 2, stdin) != nullptr;
    if (isTerminal) {
        static_cast<void>(showTyping(true));
        printError(QStringLiteral("\n"));
    }
    // Up to a NUL, which no password contains.
    line.truncate(isThere ? line.indexOf('\0') : 0);
    if (line.endsWith('\n'))
        line.chop(1);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

void writeLogUnbuffered()
{
    std::setvbuf(stdout, nullptr, _IONBF, 0);
}

qsizetype writeLogLines(const QByteArray &lines)
{
    // A full disk may have cut the last line: the next one starts on a new line.
    static bool isTorn = false;
    if (isTorn && writeAll(stdout, "\n") == 0)
        return 0;
    const auto written = static_cast<qsizetype>(writeAll(stdout, lines));
    isTorn = written > 0 && lines[written - 1] != '\n';
    std::clearerr(stdout);
    return written;
}

} // namespace sami::daemon
