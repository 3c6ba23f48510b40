// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/surroundings.h"

#include <QByteArrayList>
#include <QtEndian>

#include <algorithm>

namespace sami {

namespace {

constexpr quint32 gatewayFlag = 2; ///< RTF_GATEWAY of <linux/route.h>
constexpr qsizetype ipv6Digits = 32;

QList<QByteArrayList> rowsOf(QByteArrayView table)
{
    QList<QByteArrayList> rows;
    for (const QByteArray &line : table.toByteArray().split('\n')) {
        const QByteArray row = line.simplified();
        if (!row.isEmpty())
            rows.append(row.split(' '));
    }
    return rows;
}

bool isZero(const QByteArray &digits)
{
    return std::all_of(digits.cbegin(), digits.cend(), [](char c) { return c == '0'; });
}

} // namespace

QList<QHostAddress> ipv4Gateways(QByteArrayView table)
{
    // Columns: Iface Destination Gateway Flags RefCnt Use Metric Mask …; numbers are hexadecimal.
    constexpr qsizetype columns = 8;
    QList<QHostAddress> found;
    for (const QByteArrayList &row : rowsOf(table)) {
        if (row.size() < columns || !isZero(row[1]) || !isZero(row[7]))
            continue;
        bool isNumber = false;
        const quint32 gateway = row[2].toUInt(&isNumber, 16);
        if (!isNumber || !(row[3].toUInt(nullptr, 16) & gatewayFlag) || gateway == 0)
            continue;
        // Printed in host byte order; in memory the octets are in the address's order.
        found.append(QHostAddress(qFromBigEndian(gateway)));
    }
    return found;
}

bool hasSeveralNetworks(QByteArrayView ipv4Table)
{
    QByteArrayList interfaces;
    for (const QByteArrayList &row : rowsOf(ipv4Table)) {
        bool isRoute = false;
        static_cast<void>(row.value(1).toUInt(&isRoute, 16));
        if (isRoute && !interfaces.contains(row[0]))
            interfaces.append(row[0]);
    }
    return interfaces.size() > 1;
}

QList<QHostAddress> ipv6Gateways(QByteArrayView table)
{
    // Columns: destination length source length gateway metric …; hexadecimal without colons.
    constexpr qsizetype columns = 5;
    QList<QHostAddress> found;
    for (const QByteArrayList &row : rowsOf(table)) {
        if (row.size() < columns || !isZero(row[0]) || !isZero(row[1]) || isZero(row[4])
            || row[4].size() != ipv6Digits)
            continue;
        const QByteArray octets = QByteArray::fromHex(row[4]);
        if (octets.size() == ipv6Digits / 2)
            found.append(QHostAddress(reinterpret_cast<const quint8 *>(octets.constData())));
    }
    return found;
}

} // namespace sami
