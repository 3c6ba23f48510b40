// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "socks/fault.h"

namespace sami::socks {

const char *toString(Fault fault)
{
    switch (fault) {
    case Fault::BadVersion:
        return "socks_version";
    case Fault::NoMethods:
        return "socks_no_method";
    case Fault::NoCommonMethod:
        return "socks_method";
    case Fault::UnknownAddressType:
        return "socks_address_type";
    case Fault::UnsupportedCommand:
        return "socks_command";
    case Fault::BadHost:
        return "socks_host";
    case Fault::BadPort:
        return "socks_port";
    }
    return "socks";
}

} // namespace sami::socks
