// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headerlist.h"

#include "base/heapcost.h"
#include "http/syntax.h"

#include <algorithm>
#include <utility>

namespace sami::http {

void HeaderList::append(QByteArray name, QByteArray value)
{
    m_fields.push_back({ std::move(name), std::move(value) });
}

void HeaderList::continueLast(QByteArrayView more)
{
    Q_ASSERT(!m_fields.empty());
    QByteArray &value = m_fields.back().value;
    if (!value.isEmpty() && !more.isEmpty())
        value.append(' ');
    value.append(more);
}

qsizetype HeaderList::heapBytes() const
{
    qsizetype octets = listBytes();
    for (const Field &field : m_fields)
        octets += heapCost(field.name) + heapCost(field.value);
    return octets;
}

qsizetype HeaderList::removeAll(QByteArrayView name)
{
    return static_cast<qsizetype>(std::erase_if(
        m_fields, [&](const Field &field) { return equalsIgnoringCase(field.name, name); }));
}

qsizetype HeaderList::removeIf(const std::function<bool(const Field &)> &predicate)
{
    return static_cast<qsizetype>(std::erase_if(m_fields, predicate));
}

void HeaderList::set(QByteArrayView name, QByteArray value)
{
    const auto sameName = [&](const Field &field) { return equalsIgnoringCase(field.name, name); };
    const auto first = std::find_if(m_fields.begin(), m_fields.end(), sameName);
    if (first == m_fields.end()) {
        append(name.toByteArray(), std::move(value));
        return;
    }
    first->value = std::move(value);
    m_fields.erase(std::remove_if(first + 1, m_fields.end(), sameName), m_fields.end());
}

bool HeaderList::contains(QByteArrayView name) const
{
    return value(name).has_value();
}

qsizetype HeaderList::count(QByteArrayView name) const
{
    return std::count_if(m_fields.begin(), m_fields.end(),
                         [&](const Field &field) { return equalsIgnoringCase(field.name, name); });
}

std::optional<QByteArrayView> HeaderList::value(QByteArrayView name) const
{
    for (const Field &field : m_fields) {
        if (equalsIgnoringCase(field.name, name))
            return QByteArrayView(field.value);
    }
    return std::nullopt;
}

QList<QByteArrayView> HeaderList::values(QByteArrayView name) const
{
    QList<QByteArrayView> found;
    for (const Field &field : m_fields) {
        if (equalsIgnoringCase(field.name, name))
            found.append(field.value);
    }
    return found;
}

QList<QByteArrayView> HeaderList::listElements(QByteArrayView name) const
{
    QList<QByteArrayView> elements;
    for (const Field &field : m_fields) {
        if (equalsIgnoringCase(field.name, name))
            elements.append(http::listElements(field.value));
    }
    return elements;
}

bool HeaderList::listContains(QByteArrayView name, QByteArrayView token) const
{
    bool found = false;
    for (const Field &field : m_fields) {
        if (found || !equalsIgnoringCase(field.name, name))
            continue;
        forEachListElement(field.value, [&](QByteArrayView element) {
            found = equalsIgnoringCase(element, token);
            return !found;
        });
    }
    return found;
}

} // namespace sami::http
