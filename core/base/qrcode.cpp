// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/qrcode.h"

#ifdef SAMI_HAVE_QRENCODE
#include <qrencode.h>
#endif

#include <memory>
#include <utility>

namespace sami {

QrCode::QrCode(int size, QByteArray modules) : m_size(size), m_modules(std::move(modules)) {}

#ifdef SAMI_HAVE_QRENCODE

bool QrCode::isAvailable()
{
    return true;
}

std::optional<QrCode> QrCode::of(const QByteArray &text)
{
    // Version 0 picks the smallest that fits.
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(int(text.size()), reinterpret_cast<const unsigned char *>(text.data()), 0,
                          QR_ECLEVEL_M),
        &QRcode_free);
    if (!code)
        return std::nullopt;
    QByteArray modules(code->width * code->width, '\0');
    for (qsizetype i = 0; i < modules.size(); ++i)
        modules[i] = char(code->data[i] & 1); // the other bits tell the module's role
    return QrCode(code->width, modules);
}

#else

bool QrCode::isAvailable()
{
    return false;
}

std::optional<QrCode> QrCode::of(const QByteArray &)
{
    return std::nullopt;
}

#endif

} // namespace sami
