// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: an entry of the list of parents, a link among them.
#include "config/link.h"
#include "config/parenturl.h"
#include "config/proxyurl.h"
#include "fuzzing.h"

using namespace sami;
using namespace sami::config;

namespace {

void judgeParts(const Parent &parent)
{
    fuzzing::require(parent.pins.size() <= maxPins && (parent.pins.isEmpty() || parent.usesTls()),
                     "pins are few, and for TLS");
    for (const QByteArray &pin : parent.pins)
        fuzzing::require(pin.size() == pinSize, "a pin has its size");
    fuzzing::require(!parent.endpoint.host.isEmpty() && parent.endpoint.port != 0,
                     "there is somewhere to go");
    fuzzing::require(!parent.name.isEmpty(), "a parent has a name");
    for (const QByteArray &text :
         { parent.user, parent.password, parent.name, parent.endpoint.host })
        for (const char c : text)
            fuzzing::require(static_cast<unsigned char>(c) >= ' ' && c != 0x7f,
                             "nothing has a control octet");
    fuzzing::require(!parent.user.contains(':'), "Basic credentials can be joined");
    fuzzing::require(parent.hasCredentials() || parent.password.isEmpty(),
                     "a password has its user");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzzing::Piece piece = fuzzing::pieceOf(fuzzing::viewOf(data, size));
    const QByteArrayView text = fuzzing::viewOf(piece);
    const auto link = parseLink(text);
    const auto entry = parseParent(text);
    if (!entry) {
        fuzzing::require(!entry.error().isEmpty(), "a fault has its words");
        fuzzing::require(!link.has_value(), "every link is an entry");
        return 0;
    }
    Parent parent = entry->parent;
    if (entry->lacksPassword)
        parent.password = "from a file"; // without one it is no parent yet
    fuzzing::require(link.has_value() == parent.fromLink, "links are told by their scheme");
    if (!parent.isDirect())
        judgeParts(parent);

    const QByteArray printed = parentText(parent);
    const auto again = parseParent(printed);
    fuzzing::require(again && again->parent == parent, "what is printed reads the same");
    fuzzing::require(parentText(again->parent) == printed, "it is printed in one way");
    if (link)
        fuzzing::require(*link == parent && parseLink(linkText(*link)).value() == *link,
                         "a printed link reads the same");

    Parent open = parent;
    open.user = open.password = QByteArray();
    QByteArray masked = maskedParentText(parent);
    fuzzing::require(masked.contains("***@") == parent.hasCredentials(),
                     "a secret leaves its mark");
    fuzzing::require(masked.replace("***@", "") == parentText(open), "nothing else is shown of it");
    return 0;
}
