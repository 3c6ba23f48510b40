// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::http {

/// Everything that can be wrong with a head. faultStatus() gives the status of the response.
enum class HeadFault {
    BadMethod,          ///< not a token (TLS, binary data), or too long
    BadTarget,          ///< empty, or with a control
    BadRequestLine,     ///< not "method SP target SP version", or HTTP/2's preface
    BadVersion,         ///< not HTTP/d.d, or 1.x with x > 1 in a request
    UnsupportedVersion, ///< a major version other than 1
    BadStatusLine,
    BareCr,           ///< a CR that no LF follows
    BareLf,           ///< an LF without CR (requests only; mended in responses)
    ControlCharacter, ///< NUL or another control in a name or value; responses may keep some
    BadFieldName,     ///< empty or not a token
    BlankBeforeColon, ///< requests only; mended in responses (RFC 9112 §5.1)
    MissingColon,
    ObsFold,          ///< requests only; mended in responses (RFC 9112 §5.2)
    LeadingBlankLine, ///< white space before the first field line (RFC 9112 §2.2)
    TargetTooLong,
    HeadTooLarge,
    TooManyFields,
};

[[nodiscard]] const char *toString(HeadFault fault);
/// 400, 414, 431 or 505.
[[nodiscard]] int faultStatus(HeadFault fault);

} // namespace sami::http
