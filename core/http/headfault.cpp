// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headfault.h"

namespace sami::http {

const char *toString(HeadFault fault)
{
    switch (fault) {
    case HeadFault::BadMethod:
        return "the method is not a token";
    case HeadFault::BadTarget:
        return "the request target is empty or holds a control character";
    case HeadFault::BadRequestLine:
        return "the request line is not: method, target, version";
    case HeadFault::BadVersion:
        return "the HTTP version is neither 1.0 nor 1.1";
    case HeadFault::UnsupportedVersion:
        return "only HTTP/1.0 and HTTP/1.1 are spoken here";
    case HeadFault::BadStatusLine:
        return "the status line is malformed";
    case HeadFault::BareCr:
        return "a CR is not followed by LF";
    case HeadFault::BareLf:
        return "a line ends with LF without CR";
    case HeadFault::ControlCharacter:
        return "a header field holds a control character";
    case HeadFault::BadFieldName:
        return "a header field name is not a token";
    case HeadFault::BlankBeforeColon:
        return "white space stands between a field name and its colon";
    case HeadFault::MissingColon:
        return "a header line has no colon";
    case HeadFault::ObsFold:
        return "a header field is folded over several lines";
    case HeadFault::LeadingBlankLine:
        return "white space stands before the first header field";
    case HeadFault::TargetTooLong:
        return "the request target is too long";
    case HeadFault::HeadTooLarge:
        return "the header section is too large";
    case HeadFault::TooManyFields:
        return "there are too many header fields";
    }
    return "malformed head";
}

int faultStatus(HeadFault fault)
{
    switch (fault) {
    case HeadFault::TargetTooLong:
        return 414; // RFC 9110 §15.5.15
    case HeadFault::HeadTooLarge:
    case HeadFault::TooManyFields:
        return 431; // RFC 6585 §5
    case HeadFault::UnsupportedVersion:
        return 505; // RFC 9110 §15.6.6
    default:
        return 400;
    }
}

} // namespace sami::http
