// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: sizes of pieces, LF, the first octets of a connection.
#include "door/proxyprotocol.h"
#include "fuzzing.h"

#include <QHostAddress>

#include <algorithm>

using namespace sami;
using namespace sami::door;

namespace {

bool same(const ProxyHeaderProgress &left, const ProxyHeaderProgress &right)
{
    if (left.index() != right.index())
        return false;
    if (const auto *fault = std::get_if<ProxyHeaderFault>(&left))
        return *fault == std::get<ProxyHeaderFault>(right);
    const auto *header = std::get_if<ProxyHeader>(&left);
    if (!header)
        return true;
    const auto &other = std::get<ProxyHeader>(right);
    return header->kind == other.kind && header->client == other.client
        && header->size == other.size;
}

ProxyHeaderProgress read(QByteArrayView octets)
{
    const fuzzing::Piece exact = fuzzing::pieceOf(octets);
    return readProxyHeader(fuzzing::viewOf(exact));
}

void checkHeader(const ProxyHeader &header, QByteArrayView octets)
{
    fuzzing::require(header.size > 0 && header.size <= octets.size()
                         && header.size <= longestProxyHeader,
                     "a header is a bounded part of what came");
    const QByteArrayView own = octets.first(header.size);
    fuzzing::require(same(read(own), header), "what stands behind a header changes nothing");
    if (header.kind == ProxyHeader::Kind::Local)
        return;
    const QHostAddress &client = header.client.address;
    fuzzing::require(!client.isNull() && client == unmapped(client) && !client.isMulticast(),
                     "a client has an address that a host can have");
    const bool isIPv6 = client.protocol() == QAbstractSocket::IPv6Protocol;
    const QByteArray address = addressText(client);
    const QByteArray line = "PROXY " + QByteArray(isIPv6 ? "TCP6 " : "TCP4 ") + address + ' '
        + address + ' ' + QByteArray::number(header.client.port) + " 1\r\n";
    const ProxyHeaderProgress again = read(line);
    fuzzing::require(std::holds_alternative<ProxyHeader>(again)
                         && std::get<ProxyHeader>(again).client == header.client,
                     "the same client written as a line reads the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzzing::Cuttable input(data, size);
    const ProxyHeaderProgress whole = read(input.octets);
    if (input.octets.size() >= longestProxyHeader)
        fuzzing::require(!std::holds_alternative<ProxyHeaderIncomplete>(whole),
                         "no header is longer than the bound");
    if (const auto *header = std::get_if<ProxyHeader>(&whole))
        checkHeader(*header, input.octets);
    else if (const auto *fault = std::get_if<ProxyHeaderFault>(&whole))
        fuzzing::require(qstrlen(toString(*fault)) > 0, "a fault has its code");

    // In pieces, as a connection's octets come.
    qsizetype seen = 0;
    ProxyHeaderProgress progress;
    for (const fuzzing::Piece &piece : input.inPieces()) {
        seen += static_cast<qsizetype>(piece.size());
        progress = read(input.octets.first(seen));
        if (!std::holds_alternative<ProxyHeaderIncomplete>(progress))
            break;
    }
    fuzzing::require(same(progress, whole), "cut anyhow it reads the same");
    return 0;
}
