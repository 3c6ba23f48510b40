// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/qrtext.h"

#include "base/qrcode.h"

namespace sami::daemon {

using namespace Qt::StringLiterals;

namespace {

constexpr auto blackOnWhite =
    "\x1b[38;5;16;48;5;231m"_L1; // from the 256 colours, which no theme changes
constexpr auto ownColours = "\x1b[0m"_L1;

QChar blockOf(bool upper, bool lower)
{
    if (upper)
        return lower ? QChar(0x2588) : QChar(0x2580);
    return lower ? QChar(0x2584) : QChar(u' ');
}

} // namespace

Result<QString, QString> qrText(const QByteArray &octets)
{
    if (!QrCode::isAvailable())
        return Unexpected(u"this program was built without libqrencode and can make no QR code"_s);
    const auto code = QrCode::of(octets);
    if (!code)
        return Unexpected(u"the link is too long for a QR code"_s);
    const auto isDark = [&code](int x, int y) {
        return x >= 0 && y >= 0 && x < code->size() && y < code->size() && code->isDark(x, y);
    };
    QString text;
    const int end = code->size() + QrCode::quietZone;
    for (int y = -QrCode::quietZone; y < end; y += 2) {
        text += blackOnWhite;
        for (int x = -QrCode::quietZone; x < end; ++x)
            text += blockOf(isDark(x, y), isDark(x, y + 1));
        text += ownColours + u'\n';
    }
    return text;
}

} // namespace sami::daemon
