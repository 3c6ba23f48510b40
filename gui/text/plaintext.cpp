// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/plaintext.h"

namespace sami::gui {

namespace {

/// Has no width and allows no line break; no tag or entity name contains it.
constexpr QChar wordJoiner(0x2060);

} // namespace

QString PlainText::toolTip(const QString &text)
{
    QString plain;
    plain.reserve(text.size());
    for (const QChar c : text) {
        plain += c;
        if (c == u'<' || c == u'&')
            plain += wordJoiner;
    }
    return plain;
}

QString PlainText::notification(const QString &text)
{
    QString plain = toolTip(text);
    return plain.replace(u'<', u'\u2039').replace(u'>', u'\u203a');
}

} // namespace sami::gui
