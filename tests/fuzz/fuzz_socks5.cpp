// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a letter that names the message, then its octets and what follows.
#include "fuzzing.h"
#include "socks/reading.h"
#include "socks/writing.h"

#include <optional>

using namespace sami;
using namespace sami::socks;

namespace {

/// Reads whole and every beginning: what is known of a beginning stays, and nothing past the
/// message is looked at. The message, if there is one.
template <typename Message>
std::optional<Message> read(Progress<Message> (*reader)(QByteArrayView), QByteArrayView octets)
{
    const Progress<Message> whole = reader(octets);
    const qsizetype looked = qMin(octets.size(), maxMessageBytes);
    const bool isOpen = whole && !*whole;
    fuzzing::require(!isOpen || octets.size() < maxMessageBytes, "the longest decides");
    if (whole && *whole)
        fuzzing::require((*whole)->consumed > 0 && (*whole)->consumed <= looked, "it has a length");
    for (qsizetype size = 0; size <= looked; ++size) {
        const fuzzing::Piece piece = fuzzing::pieceOf(octets.first(size));
        const Progress<Message> part = reader(fuzzing::viewOf(piece));
        if (part && !*part)
            continue;
        fuzzing::require(part.has_value() == whole.has_value(), "a beginning decides it");
        if (part)
            fuzzing::require((*part)->consumed == (*whole)->consumed, "it ends where it ended");
        else
            fuzzing::require(part.error() == whole.error(), "a fault stays the same");
    }
    if (!whole || !*whole)
        return std::nullopt;
    return (*whole)->message;
}

template <typename Message>
void requireRead(Progress<Message> (*reader)(QByteArrayView), const QByteArray &written)
{
    const Progress<Message> again = reader(written);
    fuzzing::require(again && *again && (*again)->consumed == written.size(),
                     "what we write is one message");
}

void requireSame(const std::optional<Request> &asked)
{
    if (!asked)
        return;
    const QByteArray written = request(asked->command, asked->destination.endpoint);
    const Progress<Request> again = readRequest(written);
    fuzzing::require(again && *again && (*again)->consumed == written.size(),
                     "what we write is one message");
    const auto literal = asked->destination.endpoint.literalAddress();
    const auto &same = (*again)->message;
    fuzzing::require(
        same.command == asked->command
            && same.destination.endpoint.port == asked->destination.endpoint.port
            && (literal ? same.destination.endpoint.literalAddress() == literal
                        : same.destination.endpoint.host == asked->destination.endpoint.host),
        "it means what we meant");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    if (input.isEmpty())
        return 0;
    const QByteArrayView octets = input.sliced(1);
    switch (input.front()) {
    case 'g':
        static_cast<void>(read(&readGreeting, octets));
        break;
    case 'u':
        if (const auto pair = read(&readUserPassword, octets))
            requireRead(&readUserPassword, userPassword(*pair));
        break;
    case 'r':
        requireSame(read(&readRequest, octets));
        break;
    case 'm':
        if (const auto method = read(&readMethodChoice, octets))
            requireRead(&readMethodChoice, methodChoice(*method));
        break;
    case 's':
        if (const auto isSuccess = read(&readAuthStatus, octets))
            requireRead(&readAuthStatus, authStatus(*isSuccess));
        break;
    case 'a':
        if (const auto answer = read(&readReply, octets))
            requireRead(&readReply, reply(answer->code));
        break;
    default:
        break;
    }
    return 0;
}
