// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/connectionsfilter.h"

#include "gui/models/connectionsmodel.h"

#include <algorithm>
#include <compare>
#include <cstring>

namespace sami::gui {

namespace {

using Model = ConnectionsModel;

std::weak_ordering compareTexts(const QByteArray &left, const QByteArray &right)
{
    return left.compare(right, Qt::CaseInsensitive) <=> 0;
}

std::weak_ordering compareClients(const SocketAddress &left, const SocketAddress &right)
{
    bool isLeftV4 = false;
    bool isRightV4 = false;
    const quint32 leftV4 = left.address.toIPv4Address(&isLeftV4);
    const quint32 rightV4 = right.address.toIPv4Address(&isRightV4);
    if (isLeftV4 != isRightV4)
        return isLeftV4 ? std::weak_ordering::less : std::weak_ordering::greater;
    if (isLeftV4)
        return std::pair(leftV4, left.port) <=> std::pair(rightV4, right.port);
    const Q_IPV6ADDR leftV6 = left.address.toIPv6Address();
    const Q_IPV6ADDR rightV6 = right.address.toIPv6Address();
    const int order = std::memcmp(leftV6.c, rightV6.c, sizeof leftV6.c);
    return order != 0 ? order <=> 0 : left.port <=> right.port;
}

/// A first octet that has not come yet is later than any that has.
std::weak_ordering compareFirstBytes(const std::optional<Clock::duration> &left,
                                     const std::optional<Clock::duration> &right)
{
    constexpr auto never = Clock::duration::max();
    return left.value_or(never).count() <=> right.value_or(never).count();
}

std::weak_ordering compareStates(const LiveConnection &left, const LiveConnection &right)
{
    if (left.state != right.state)
        return int(left.state) <=> int(right.state);
    return left.silence().count() <=> right.silence().count();
}

std::weak_ordering compareRates(double left, double right)
{
    if (left < right)
        return std::weak_ordering::less;
    return left > right ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

std::weak_ordering compare(const LiveConnection &left, const LiveConnection &right, int column)
{
    const account::ConnectionSnapshot &one = left.values;
    const account::ConnectionSnapshot &two = right.values;
    switch (column) {
    case Model::Client:
        return compareClients(one.client, two.client);
    case Model::User:
        return compareTexts(one.user, two.user);
    case Model::Host: {
        const auto order = compareTexts(one.endpoint.host, two.endpoint.host);
        return order != 0 ? order : one.endpoint.port <=> two.endpoint.port;
    }
    case Model::Method:
        return compareTexts(one.method, two.method);
    case Model::Requests:
        return one.requests <=> two.requests;
    case Model::State:
        return compareStates(left, right);
    case Model::Up:
        return one.up <=> two.up;
    case Model::Down:
        return one.down <=> two.down;
    case Model::Rate:
        return compareRates(left.rate, right.rate);
    case Model::FirstByte:
        return compareFirstBytes(one.firstByte, two.firstByte);
    case Model::Silence:
        return one.longestSilence.count() <=> two.longestSilence.count();
    case Model::Age:
        return right.acceptedAt.time_since_epoch().count()
            <=> left.acceptedAt.time_since_epoch().count();
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace

ConnectionsFilter::ConnectionsFilter(ConnectionsModel *model, QObject *parent)
    : QSortFilterProxyModel(parent), m_model(model)
{
    setDynamicSortFilter(false);
    setSourceModel(model);
}

void ConnectionsFilter::setText(const QString &text)
{
    const QStringList words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateFilter();
    refresh();
}

void ConnectionsFilter::setState(std::optional<LiveState> state)
{
    if (state == m_state)
        return;
    m_state = state;
    invalidateFilter();
    refresh();
}

void ConnectionsFilter::refresh()
{
    // A text matches what rarely changes; which state a row is in changes by itself.
    if (m_state || !m_words.isEmpty())
        invalidateFilter();
    if (sortColumn() >= 0)
        sort(sortColumn(), sortOrder());
}

const LiveConnection &ConnectionsFilter::connection(const QModelIndex &index) const
{
    return m_model->at(mapToSource(index).row());
}

bool ConnectionsFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const LiveConnection &connection = m_model->at(row);
    if (m_state && connection.state != *m_state)
        return false;
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString &word) { return connection.searchText.contains(word); });
}

bool ConnectionsFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    return compare(m_model->at(left.row()), m_model->at(right.row()), left.column()) < 0;
}

} // namespace sami::gui
