// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QList>
#include <QString>

namespace sami::gui {

/// An address of this machine that others may reach it by.
struct OwnAddress
{
    QString interfaceName; ///< as people know it: "eth0", "Wi-Fi"
    QHostAddress address;
    int prefixLength = 0;

    /// Its network as a list takes it: "192.0.2.0/24".
    [[nodiscard]] QString network() const;
};

/// Of the interfaces that are up; without loopback and link-local ones.
[[nodiscard]] QList<OwnAddress> ownAddresses();

} // namespace sami::gui
