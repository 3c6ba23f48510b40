// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "account/entrance.h"
#include "account/reason.h"
#include "account/snapshot.h"

#include <QtGlobal>

#include <array>
#include <cstddef>

/// The first and last value of each enum that is iterated over: for counters, for the text of the
/// metrics, for finding a code's reason. A value added at either end of an enum has to be added
/// here; tests check it, except for FrontKind and TlsVersion. Values; any thread.
namespace sami::account {

template <typename Enum> struct EnumRange;

#define SAMI_ENUM_RANGE(ENUM, FIRST, LAST)                                                         \
    template <> struct EnumRange<ENUM>                                                             \
    {                                                                                              \
        static constexpr ENUM first = ENUM::FIRST;                                                 \
        static constexpr ENUM last = ENUM::LAST;                                                   \
    }

SAMI_ENUM_RANGE(EndedBy, Client, Proxy);
SAMI_ENUM_RANGE(EndedHow, Complete, Closed);
SAMI_ENUM_RANGE(ConnectionPhase, AwaitingRequest, Closing);
SAMI_ENUM_RANGE(FrontKind, Http, Socks5);
SAMI_ENUM_RANGE(TlsVersion, None, Tls13);
SAMI_ENUM_RANGE(Cause, Full, UserRemoved);
SAMI_ENUM_RANGE(policy::Refusal, ClientNotListed, UserHostNotListed); // None refuses nothing
SAMI_ENUM_RANGE(net::DialFault, NameNotFound, OutOfResources);
SAMI_ENUM_RANGE(http::HeadFault, BadMethod, TooManyFields);
SAMI_ENUM_RANGE(http::TargetFault, ConnectTakesHostAndPortOnly, BadForm);
SAMI_ENUM_RANGE(http::FramingFault, LengthAndTransferEncoding, EmptyTransferEncoding);
SAMI_ENUM_RANGE(http::BodyFault, BadChunkSize, Truncated);
SAMI_ENUM_RANGE(http::ForeignProtocol, Tls, Http2);
SAMI_ENUM_RANGE(socks::Fault, BadVersion, BadPort);
SAMI_ENUM_RANGE(net::TlsAcceptFault, Untrusted, Other);

#undef SAMI_ENUM_RANGE

template <typename Enum>
inline constexpr std::size_t enumCount = std::size_t(EnumRange<Enum>::last)
    - std::size_t(EnumRange<Enum>::first) + 1;

/// The index of a value in an array of enumCount elements; enumCount for a value out of range.
template <typename Enum> [[nodiscard]] constexpr std::size_t enumIndex(Enum value)
{
    const int place = int(value) - int(EnumRange<Enum>::first);
    return place >= 0 && std::size_t(place) < enumCount<Enum> ? std::size_t(place)
                                                              : enumCount<Enum>;
}

/// All values in order, to loop over.
template <typename Enum> [[nodiscard]] constexpr std::array<Enum, enumCount<Enum>> enumValues()
{
    std::array<Enum, enumCount<Enum>> values {};
    for (std::size_t place = 0; place < values.size(); ++place)
        values[place] = static_cast<Enum>(int(EnumRange<Enum>::first) + int(place));
    return values;
}

/// A number for each value of an enum.
template <typename Enum, typename Number = quint64> class PerValue
{
public:
    /// `value` must be in the range.
    [[nodiscard]] Number &operator[](Enum value) { return m_numbers[placeOf(value)]; }
    [[nodiscard]] const Number &operator[](Enum value) const { return m_numbers[placeOf(value)]; }

private:
    [[nodiscard]] static constexpr std::size_t placeOf(Enum value)
    {
        const std::size_t place = enumIndex(value);
        Q_ASSUME(place < enumCount<Enum>); // keeps GCC from warning about an access past the end
        return place;
    }

    std::array<Number, enumCount<Enum>> m_numbers {};
};

} // namespace sami::account
