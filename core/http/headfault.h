// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

namespace sami::http {

/// Everything that can be wrong with a head. faultStatus() is the answer a client gets.
enum class HeadFault {
    BadMethod,          ///< not a token (TLS, binary junk), or longer than any method
    BadTarget,          ///< empty, or a control in it
    BadRequestLine,     ///< not "method SP target SP version", or HTTP/2's preface
    BadVersion,         ///< not HTTP/d.d, or 1.x with x > 1 in a request
    UnsupportedVersion, ///< a major version other than 1
    BadStatusLine,
    BareCr,           ///< CR that is not followed by LF
    BareLf,           ///< LF without CR (requests only; responses are mended)
    ControlCharacter, ///< NUL or another control in a name or value; some stay in responses
    BadFieldName,     ///< empty or not a token
    BlankBeforeColon, ///< requests only; responses are mended (RFC 9112 §5.1)
    MissingColon,
    ObsFold,          ///< requests only; responses are mended (RFC 9112 §5.2)
    LeadingBlankLine, ///< white space before the first field line (RFC 9112 §2.2)
    TargetTooLong,
    HeadTooLarge,
    TooManyFields,
};

[[nodiscard]] const char *toString(HeadFault fault);
/// 400, 414, 431 or 505.
[[nodiscard]] int faultStatus(HeadFault fault);

} // namespace sami::http
