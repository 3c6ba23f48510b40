// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/autostart.h"

#include <QDir>

#include <string>
#include <utility>

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr wchar_t runKey[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\Run";
/// The Task Manager records here which programs the user switched off: the value's first byte is
/// odd then.
constexpr wchar_t approvedKey[] =
    L"Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run";
constexpr wchar_t valueName[] = L"Sami LLM Proxy";

/// Quotes for CommandLineToArgvW(): a backslash is special only before a quote.
QString quotedWord(const QString &word)
{
    QString quoted = u"\""_s;
    qsizetype backslashes = 0;
    for (const QChar c : word) {
        if (c == u'"')
            quoted += QString(backslashes + 1, u'\\');
        backslashes = c == u'\\' ? backslashes + 1 : 0;
        quoted += c;
    }
    return quoted + QString(backslashes, u'\\') + u'"';
}

QString commandLineOf(const AutostartCommand &command)
{
    QString line = quotedWord(QDir::toNativeSeparators(command.program));
    for (const QString &argument : command.arguments)
        line += u' ' + quotedWord(argument);
    return line;
}

bool isSwitchedOff()
{
    BYTE state[32] = {};
    DWORD size = sizeof(state);
    return RegGetValueW(HKEY_CURRENT_USER, approvedKey, valueName, RRF_RT_REG_BINARY, nullptr,
                        state, &size)
        == ERROR_SUCCESS
        && size > 0 && (state[0] & 1) != 0;
}

Result<void, QString> outcome(LSTATUS status)
{
    if (status == ERROR_SUCCESS || status == ERROR_FILE_NOT_FOUND)
        return {};
    return Unexpected(qt_error_string(int(status)));
}

class RunKey final : public Autostart
{
public:
    explicit RunKey(AutostartCommand command) : m_command(std::move(command)) {}

    bool isEnabled() const override
    {
        return RegGetValueW(HKEY_CURRENT_USER, runKey, valueName, RRF_RT_REG_SZ, nullptr, nullptr,
                            nullptr)
            == ERROR_SUCCESS
            && !isSwitchedOff();
    }

    Result<void, QString> setEnabled(bool enabled) override
    {
        if (!enabled)
            return outcome(RegDeleteKeyValueW(HKEY_CURRENT_USER, runKey, valueName));
        const std::wstring line = commandLineOf(m_command).toStdWString();
        const auto size = static_cast<DWORD>((line.size() + 1) * sizeof(wchar_t));
        if (auto set = outcome(
                RegSetKeyValueW(HKEY_CURRENT_USER, runKey, valueName, REG_SZ, line.c_str(), size));
            !set)
            return set;
        return outcome(RegDeleteKeyValueW(HKEY_CURRENT_USER, approvedKey, valueName));
    }

private:
    AutostartCommand m_command;
};

} // namespace

std::unique_ptr<Autostart> makeAutostart(const AutostartCommand &command,
                                         const QProcessEnvironment &)
{
    return std::make_unique<RunKey>(command);
}

} // namespace sami::gui
