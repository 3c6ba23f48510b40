// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <variant>

namespace sami {

/// The failure half of a Result, with the member names of std::unexpected.
template <typename E> class Unexpected
{
public:
    explicit Unexpected(E error) : m_error(std::move(error)) {}
    [[nodiscard]] const E &error() const & { return m_error; }
    [[nodiscard]] E &&error() && { return std::move(m_error); }

private:
    E m_error;
};

/// A value, or the reason why there is none. Shaped like C++23's std::expected, so that this header
/// can become an alias.
template <typename T, typename E> class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Unexpected<E> unexpected)
        : m_state(std::in_place_index<1>, std::move(unexpected).error())
    {}

    [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const { return has_value(); }

    [[nodiscard]] const T &value() const & { return std::get<0>(m_state); }
    [[nodiscard]] T &value() & { return std::get<0>(m_state); }
    [[nodiscard]] T &&value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] const T &operator*() const & { return value(); }
    [[nodiscard]] T &operator*() & { return value(); }
    [[nodiscard]] T &&operator*() && { return std::move(*this).value(); }
    [[nodiscard]] const T *operator->() const { return &value(); }
    [[nodiscard]] T *operator->() { return &value(); }

    [[nodiscard]] const E &error() const & { return std::get<1>(m_state); }
    [[nodiscard]] E &&error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, E> m_state;
};

/// Success, or the reason for a failure.
template <typename E> class [[nodiscard]] Result<void, E>
{
public:
    Result() = default;
    Result(Unexpected<E> unexpected)
        : m_state(std::in_place_index<1>, std::move(unexpected).error())
    {}

    [[nodiscard]] bool has_value() const { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const { return has_value(); }
    [[nodiscard]] const E &error() const & { return std::get<1>(m_state); }
    [[nodiscard]] E &&error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<std::monostate, E> m_state;
};

} // namespace sami
