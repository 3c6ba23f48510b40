// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyframing.h"
#include "http/forwarding.h"
#include "http/headparser.h"
#include "http/hopbyhop.h"
#include "http/persistence.h"

#include <QTest>

#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>

using namespace sami::http;

namespace {

/// Something that a peer can send in large numbers: makes the work for `count` of them.
using Work = std::function<std::function<void()>(int count)>;

/// CPU time of this process, so that a busy machine does not matter; the best of several runs.
std::clock_t processorTime(const std::function<void()> &work)
{
    std::clock_t best = std::numeric_limits<std::clock_t>::max();
    for (int i = 0; i < 5; ++i) {
        const std::clock_t began = std::clock();
        work();
        best = std::min(best, std::clock() - began);
    }
    return best;
}

/// All of the same length, so that the length tells none apart.
QByteArray name(const char *prefix, int number)
{
    return prefix + QByteArray::number(number).rightJustified(6, '0');
}

/// "x0, x1, ..."
QByteArray list(const char *prefix, int count)
{
    QByteArray value;
    for (int i = 0; i < count; ++i)
        value += name(prefix, i) + ", ";
    return value + "last";
}

HeaderList repeated(const QByteArray &fieldName, const QByteArray &value, int count)
{
    HeaderList fields;
    for (int i = 0; i < count; ++i)
        fields.append(fieldName, value);
    return fields;
}

/// That many options in Connection, and as many fields; every second one is named.
HeaderList named(int count)
{
    HeaderList fields { { "Connection", list("x-", count) } };
    for (int i = 0; i < count; ++i)
        fields.append(name(i % 2 == 0 ? "X-" : "Y-", i), "v");
    return fields;
}

QByteArray foldedResponse(int count)
{
    QByteArray octets = "HTTP/1.1 200 OK\r\nA: b\r\n";
    for (int i = 0; i < count; ++i)
        octets += " c\r\n";
    return octets + "\r\n";
}

RequestHead request(HeaderList fields)
{
    return { "TRACE", "/", Version::Http11, std::move(fields) };
}

ResponseHead response(HeaderList fields)
{
    return { Version::Http11, 200, "OK", std::move(fields) };
}

/// The same, for work on a value made beforehand.
template <typename Value, typename Use> Work on(Value (*make)(int), Use use)
{
    return [=](int count) { return [value = make(count), use] { use(value); }; };
}

template <typename Result> void discard(const Result &) {}

} // namespace

/// The cost of what a peer can send in large numbers must not be quadratic: a 64 KB head may take a
/// fraction of a millisecond of a thread that others wait for.
class TestWork : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void growsWithTheInput_data();
    void growsWithTheInput();
};

void TestWork::growsWithTheInput_data()
{
    QTest::addColumn<Work>("work");
    const auto row = [](const char *rowName, const Work &work) { QTest::newRow(rowName) << work; };
    row("options of Connection and fields, asked one by one", on(named, [](const HeaderList &head) {
            const HopByHopFilter filter(head);
            for (const Field &field : head)
                discard(filter.drops(field.name));
        }));
    row("options of Connection and fields of a head that goes on",
        on(named, [](const HeaderList &head) {
            discard(clientResponse(response(head), ResponseContext {}));
        }));
    row("options of Connection and trailers", on(named, [](const HeaderList &head) {
            HeaderList trailers = head;
            removeForbiddenTrailers(trailers);
        }));
    row("options of Connection that keep a connection", on(named, [](const HeaderList &head) {
            discard(clientPersists(request(head)));
            discard(asksForWebSocket(request(head)));
        }));
    row("hops of Via", [](int count) {
        const HeaderList fields { { "Via", list("1.1 x-", count) } };
        return [fields] { discard(viaNames(fields, "sami-0")); };
    });
    row("fields of Via", [](int count) {
        const HeaderList fields = repeated("Via", "1.1 x", count);
        return [fields] { discard(viaNames(fields, "sami-0")); };
    });
    row("codings of Transfer-Encoding", [](int count) {
        const RequestHead head = request({ { "Transfer-Encoding", list("x", count) } });
        return [head] { discard(requestFraming(head)); };
    });
    row("equal lengths in one field", [](int count) {
        const ResponseHead head =
            response({ { "Content-Length", QByteArray("5,").repeated(count) + '5' } });
        return [head] { discard(responseFraming(head, "GET")); };
    });
    row("equal lengths in many fields", [](int count) {
        const ResponseHead head = response(repeated("Content-Length", "5", count));
        return [head] {
            discard(responseFraming(head, "GET"));
            discard(clientResponse(head, ResponseContext {}));
        };
    });
    row("fields of Max-Forwards", [](int count) {
        const RequestHead head = request(repeated("Max-Forwards", "5", count));
        return [head] {
            RequestHead changed = head;
            discard(applyMaxForwards(changed));
        };
    });
    row("cookies of a TRACE", [](int count) {
        const RequestHead head = request(repeated("Cookie", "a=b", count));
        return [head] { discard(traceEcho(head)); };
    });
    row("folded lines of one field", [](int count) {
        const QByteArray octets = foldedResponse(count);
        return [octets, count] {
            ResponseHeadParser parser({ octets.size() + 1, count + 1, count + 1 });
            discard(parser.feed(octets));
        };
    });
    row("folded lines of one field, octet by octet", [](int count) {
        const QByteArray octets = foldedResponse(count);
        return [octets, count] {
            ResponseHeadParser parser({ octets.size() + 1, count + 1, count + 1 });
            for (const char octet : octets)
                discard(parser.feed(QByteArrayView(&octet, 1)));
        };
    });
}

void TestWork::growsWithTheInput()
{
    QFETCH(Work, work);
    constexpr int count = 4'000;
    // Doubling the input must double the work, not quadruple it. Three tries, because of page
    // faults.
    double ratio = 0;
    for (int attempt = 0; attempt < 3; ++attempt) {
        const std::clock_t once = processorTime(work(count));
        const std::clock_t twice = processorTime(work(2 * count));
        ratio = double(twice) / double(std::max<std::clock_t>(once, 1));
        if (ratio < 3)
            return;
    }
    QVERIFY2(ratio < 3,
             qPrintable(QStringLiteral("twice the input, %1 times the work").arg(ratio)));
}

QTEST_APPLESS_MAIN(TestWork)
#include "tst_work.moc"
