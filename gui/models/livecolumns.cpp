// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The columns of the live connections. A new column is a row here, plus a name in ConnectionsModel
// if it is referred to by name; raise layoutVersion then.
#include "gui/models/connectionsmodel.h"
#include "gui/text/formatting.h"
#include "gui/text/serverwording.h"

#include <cstring>

namespace sami::gui {

const int ConnectionsModel::layoutVersion = 3;

namespace {

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

std::weak_ordering compareHosts(const Endpoint &left, const Endpoint &right)
{
    const auto order = compareTexts(left.host, right.host);
    return order != 0 ? order : left.port <=> right.port;
}

/// A first octet that has not arrived yet sorts after any that has.
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

/// Each state with the longest time that it can have.
ColumnWidth stateWidth()
{
    QStringList texts;
    for (const LiveState state : { LiveState::Unused, LiveState::Connecting, LiveState::Streaming,
                                   LiveState::Waiting, LiveState::Idle, LiveState::Closing }) {
        for (const Clock::duration silence : ColumnWidth::longestTimes()) {
            LiveConnection row;
            row.state = state;
            row.values.sinceUp = row.values.sinceDown = silence;
            texts.append(ConnectionsModel::stateText(row));
        }
    }
    return ColumnWidth::values(texts);
}

} // namespace

ConnectionsModel::Columns ConnectionsModel::columns()
{
    using Live = LiveConnection;
    using enum TableColumn<Live>::Changes;
    static constexpr TableColumn<Live> all[] = {
        { .id = Client,
          .title = QT_TR_NOOP("Client"),
          .titleTip = QT_TR_NOOP("The program or computer that uses the proxy"),
          .width = [] { return ColumnWidth::addresses(true); },
          .text =
              [](const Live &row) { return QString::fromLatin1(row.values.client.toByteArray()); },
          .order =
              [](const Live &left, const Live &right) {
                  return compareClients(left.values.client, right.values.client);
              } },
        { .id = User,
          .title = QT_TR_NOOP("User"),
          .titleTip = QT_TR_NOOP("The user name it signed in with"),
          .width = [] { return ColumnWidth::words(8, 12); },
          .isHiddenAtFirst = true,
          .changes = WithRequest,
          .text = [](const Live &row) { return QString::fromUtf8(row.values.user); },
          .order =
              [](const Live &left, const Live &right) {
                  return compareTexts(left.values.user, right.values.user);
              } },
        { .id = Host,
          .title = QT_TR_NOOP("Destination"),
          .titleTip = QT_TR_NOOP("Where the current request goes"),
          .width = [] { return ColumnWidth::stretching(18, 36); },
          .changes = WithRequest,
          .text = [](const Live &row) { return endpointText(row.values.endpoint); },
          .order =
              [](const Live &left, const Live &right) {
                  return compareHosts(left.values.endpoint, right.values.endpoint);
              },
          .toolTip = [](const Live &row) { return QString::fromUtf8(row.values.target); } },
        { .id = Via,
          .title = QT_TR_NOOP("Via"),
          .titleTip = QT_TR_NOOP("The server that it goes out through"),
          .width = ColumnWidth::ways,
          .changes = WithRequest,
          .text = [](const Live &row) { return ServerWording::way(row.values.route); },
          .order =
              [](const Live &left, const Live &right) {
                  return compareTexts(left.values.route, right.values.route);
              },
          .toolTip = [](const Live &row) { return ServerWording::way(row.values.route); } },
        { .id = Method,
          .title = QT_TR_NOOP("Method"),
          .titleTip = QT_TR_NOOP("CONNECT is an encrypted tunnel: the proxy cannot look inside"),
          .width = [] { return ColumnWidth::values({ QStringLiteral("CONNECT") }); },
          .changes = WithRequest,
          .text = [](const Live &row) { return QString::fromLatin1(row.values.method); },
          .order =
              [](const Live &left, const Live &right) {
                  return compareTexts(left.values.method, right.values.method);
              } },
        { .id = Requests,
          .title = QT_TR_NOOP("Requests"),
          .titleTip = QT_TR_NOOP("Requests on this connection so far"),
          .width = ColumnWidth::count,
          .isNumber = true,
          .isHiddenAtFirst = true,
          .changes = WithRequest,
          .text = [](const Live &row) { return QString::number(row.values.requests); },
          .order = [](const Live &left, const Live &right) -> std::weak_ordering {
              return left.values.requests <=> right.values.requests;
          } },
        { .id = State,
          .title = QT_TR_NOOP("State"),
          .titleTip = QT_TR_NOOP("What the connection seems to be doing, read from timing alone"),
          .width = stateWidth,
          .changes = AtTicks,
          .text = stateText,
          .order = compareStates,
          .toolTip = [](const Live &row) { return Wording::stateExplanation(row.state); } },
        { .id = Up,
          .title = QT_TR_NOOP("Up"),
          .titleTip = QT_TR_NOOP("Sent by the client"),
          .width = ColumnWidth::octets,
          .isNumber = true,
          .changes = AtTicks,
          .text = [](const Live &row) { return Formatting::octets(row.values.up); },
          .order = [](const Live &left, const Live &right) -> std::weak_ordering {
              return left.values.up <=> right.values.up;
          } },
        { .id = Down,
          .title = QT_TR_NOOP("Down"),
          .titleTip = QT_TR_NOOP("Received by the client"),
          .width = ColumnWidth::octets,
          .isNumber = true,
          .changes = AtTicks,
          .text = [](const Live &row) { return Formatting::octets(row.values.down); },
          .order = [](const Live &left, const Live &right) -> std::weak_ordering {
              return left.values.down <=> right.values.down;
          } },
        { .id = Rate,
          .title = QT_TR_NOOP("Rate"),
          .titleTip = QT_TR_NOOP("Both directions together, now"),
          .width = ColumnWidth::rate,
          .isNumber = true,
          .changes = AtTicks,
          .text = [](const Live &row) { return Formatting::rate(row.rate); },
          .order = [](const Live &left,
                      const Live &right) { return compareRates(left.rate, right.rate); } },
        { .id = FirstByte,
          .title = QT_TR_NOOP("First byte"),
          .titleTip = QT_TR_NOOP("From the request to the first byte of the answer"),
          .width = ColumnWidth::duration,
          .isNumber = true,
          .isHiddenAtFirst = true,
          .changes = AtTicks,
          .text = [](const Live &row) { return Formatting::duration(row.values.firstByte); },
          .order =
              [](const Live &left, const Live &right) {
                  return compareFirstBytes(left.values.firstByte, right.values.firstByte);
              } },
        { .id = Silence,
          .title = QT_TR_NOOP("Longest silence"),
          .titleTip = QT_TR_NOOP("The longest time in which neither side sent anything"),
          .width = ColumnWidth::duration,
          .isNumber = true,
          .isHiddenAtFirst = true,
          .changes = AtTicks,
          .text = [](const Live &row) { return Formatting::seconds(row.values.longestSilence); },
          .order = [](const Live &left, const Live &right) -> std::weak_ordering {
              return left.values.longestSilence.count() <=> right.values.longestSilence.count();
          } },
        // The age grows by itself: the model emits no signal for it.
        { .id = Age,
          .title = QT_TR_NOOP("Age"),
          .titleTip = QT_TR_NOOP("Since the client connected"),
          .width = ColumnWidth::duration,
          .isNumber = true,
          .text = [](const Live &row) { return Formatting::seconds(row.age()); },
          .order = [](const Live &left, const Live &right) -> std::weak_ordering {
              return right.acceptedAt.time_since_epoch().count()
                  <=> left.acceptedAt.time_since_epoch().count();
          } },
    };
    static_assert(areInOrder(all));
    return all;
}

} // namespace sami::gui
