// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/preferences.h"

#include "config/settingsloader.h"

#include <array>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

template <typename T> struct Key
{
    const char *name; ///< without the prefix
    T Preferences::*member;
};

constexpr std::array<Key<bool>, 5> flags { {
    { "start_minimized", &Preferences::startMinimized },
    { "start_proxy_at_launch", &Preferences::startProxyAtLaunch },
    { "close_notice_shown", &Preferences::closeNoticeShown },
    { "first_start_done", &Preferences::firstStartDone },
    { "keeps_log_files", &Preferences::keepsLogFiles },
} };

constexpr std::array<Key<QByteArray>, 6> blobs { {
    { "window_geometry", &Preferences::windowGeometry },
    { "connections_layout", &Preferences::connectionsLayout },
    { "recent_layout", &Preferences::recentLayout },
    { "hosts_layout", &Preferences::hostsLayout },
    { "denied_layout", &Preferences::deniedLayout },
    { "connections_splitter", &Preferences::connectionsSplitter },
} };

constexpr std::array<Key<QString>, 4> words { {
    { "language", &Preferences::language },
    { "pane", &Preferences::pane },
    { "lower_pane", &Preferences::lowerPane },
    { "servers_off", &Preferences::serversOff },
} };

QString keyOf(const char *name)
{
    return QLatin1StringView(config::foreignKeyPrefix) + QLatin1StringView(name);
}

void put(config::IniFile &ini, const char *name, const QString &value, const QString &whenUnset)
{
    const QString key = keyOf(name);
    if (ini.value(key).value_or(whenUnset) == value)
        return;
    if (value == whenUnset)
        ini.remove(key);
    else
        ini.setValue(key, value);
}

QString textOf(bool flag)
{
    return flag ? u"true"_s : u"false"_s;
}

} // namespace

Preferences Preferences::read(const config::IniFile &ini)
{
    Preferences preferences;
    for (const auto &flag : flags) {
        const QString text = ini.value(keyOf(flag.name)).value_or(QString()).trimmed();
        if (text == "true"_L1 || text == "false"_L1)
            preferences.*flag.member = text == "true"_L1;
    }
    for (const auto &blob : blobs) {
        const QByteArray text =
            ini.value(keyOf(blob.name)).value_or(QString()).trimmed().toLatin1();
        const auto decoded =
            QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
        if (decoded)
            preferences.*blob.member = *decoded;
    }
    for (const auto &word : words)
        preferences.*word.member = ini.value(keyOf(word.name)).value_or(QString()).trimmed();
    return preferences;
}

void Preferences::write(config::IniFile &ini) const
{
    const Preferences unset;
    for (const auto &flag : flags)
        put(ini, flag.name, textOf(this->*flag.member), textOf(unset.*flag.member));
    for (const auto &blob : blobs)
        put(ini, blob.name, QString::fromLatin1((this->*blob.member).toBase64()), {});
    for (const auto &word : words)
        put(ini, word.name, this->*word.member, {});
}

} // namespace sami::gui
