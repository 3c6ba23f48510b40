// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <optional>

namespace sami {

/// The modules of a QR code (ISO/IEC 18004), without the quiet zone around it. A value.
class QrCode
{
public:
    /// The empty margin that a reader needs on each side, in modules.
    static constexpr int quietZone = 4;

    /// Whether this build can make QR codes: libqrencode is optional.
    [[nodiscard]] static bool isAvailable();
    /// Error correction level M: a seventh of the code may be unreadable. Nothing for an empty
    /// text, for one longer than 2331 octets, or if isAvailable() is false.
    [[nodiscard]] static std::optional<QrCode> of(const QByteArray &text);

    /// Modules on each side.
    [[nodiscard]] int size() const { return m_size; }
    [[nodiscard]] bool isDark(int x, int y) const { return m_modules.at(y * m_size + x) != 0; }

private:
    QrCode(int size, QByteArray modules);

    int m_size;
    QByteArray m_modules; ///< row by row; 1 is dark
};

} // namespace sami
