// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <functional>
#include <initializer_list>
#include <optional>
#include <vector>

namespace sami::http {

/// One field line: name as received, value without surrounding blanks.
struct Field
{
    QByteArray name;
    QByteArray value;

    friend bool operator==(const Field &, const Field &) = default;
};

/// An ordered list of field lines. Order, case and duplicates stay; lookups ignore ASCII case.
///
/// More than twelve public methods: it is a container; lookup, change and iteration each have
/// their usual names.
class HeaderList
{
public:
    HeaderList() = default;
    HeaderList(std::initializer_list<Field> fields) : m_fields(fields) {}

    void append(QByteArray name, QByteArray value);
    /// Appends to the last field's value after a single SP (unfolding, RFC 9112 §5.2).
    void continueLast(QByteArrayView more);
    /// Removes all fields of that name and returns their number.
    qsizetype removeAll(QByteArrayView name);
    qsizetype removeIf(const std::function<bool(const Field &)> &predicate);
    /// Replaces the first field of that name and removes the others; appends if there is none.
    void set(QByteArrayView name, QByteArray value);
    void clear() { m_fields.clear(); }
    void reserve(qsizetype count) { m_fields.reserve(static_cast<std::size_t>(count)); }

    [[nodiscard]] bool contains(QByteArrayView name) const;
    [[nodiscard]] qsizetype count(QByteArrayView name) const;
    /// The first field's value; a view into this list.
    [[nodiscard]] std::optional<QByteArrayView> value(QByteArrayView name) const;
    [[nodiscard]] QList<QByteArrayView> values(QByteArrayView name) const;
    /// All elements of all fields of that name, as one list (RFC 9110 §5.3).
    [[nodiscard]] QList<QByteArrayView> listElements(QByteArrayView name) const;
    /// Whether that combined list holds the token, ignoring ASCII case.
    [[nodiscard]] bool listContains(QByteArrayView name, QByteArrayView token) const;

    /// Heap octets that it takes. Looks at every field.
    [[nodiscard]] qsizetype heapBytes() const;
    /// The share of the list itself, without names and values.
    [[nodiscard]] qsizetype listBytes() const
    {
        return static_cast<qsizetype>(m_fields.capacity()) * qsizetype(sizeof(Field));
    }

    [[nodiscard]] qsizetype size() const { return static_cast<qsizetype>(m_fields.size()); }
    [[nodiscard]] bool isEmpty() const { return m_fields.empty(); }
    [[nodiscard]] auto begin() const { return m_fields.cbegin(); }
    [[nodiscard]] auto end() const { return m_fields.cend(); }
    [[nodiscard]] const Field &at(qsizetype i) const
    {
        return m_fields[static_cast<std::size_t>(i)];
    }

    friend bool operator==(const HeaderList &, const HeaderList &) = default;

private:
    std::vector<Field> m_fields;
};

} // namespace sami::http
