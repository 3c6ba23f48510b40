// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/enumranges.h"
#include "account/reason.h"
#include "logrig.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using net::DialFault;
using policy::Refusal;

namespace {

struct Part
{
    const char *name;
    const char *fallback; ///< the code of an invalid value
    bool isWord;          ///< each code is one word, otherwise a few
    QList<Reason> reasons;
    Reason behind; ///< the first invalid value
};

template <typename Enum> Part of(const char *name, const char *fallback, bool isWord)
{
    Part part { name, fallback, isWord, {}, static_cast<Enum>(int(EnumRange<Enum>::last) + 1) };
    for (const Enum value : enumValues<Enum>())
        part.reasons.append(value);
    return part;
}

/// In the order of Reason::Value.
QList<Part> allParts()
{
    return {
        of<Cause>("causes", "", true),
        of<Refusal>("refusals", "unknown", true),
        of<DialFault>("dial faults", "proxy_internal_error", true),
        of<http::HeadFault>("head faults", "malformed head", false),
        of<http::TargetFault>("target faults", "bad request target", false),
        of<http::FramingFault>("framing faults", "bad framing", false),
        of<http::BodyFault>("body faults", "malformed body", false),
        of<http::ForeignProtocol>("foreign protocols", "unknown", true),
        of<socks::Fault>("SOCKS faults", "socks", true),
        of<net::TlsAcceptFault>("faults of a client's TLS", "unknown", true),
    };
}

struct CauseRow
{
    Cause cause;
    const char *code;
};

QList<CauseRow> causeRows()
{
    return {
        { Cause::Full, "full" },
        { Cause::ClientFull, "client_full" },
        { Cause::UnfinishedHeads, "unfinished_heads" },
        { Cause::Draining, "draining" },
        { Cause::NotFound, "not_found" },
        { Cause::MethodNotAllowed, "method_not_allowed" },
        { Cause::HeadTimeout, "head_timeout" },
        { Cause::NoProxyHeader, "proxy_protocol_missing" },
        { Cause::BadProxyHeader, "proxy_protocol_bad" },
        { Cause::ParentLost, "parent_lost" },
        { Cause::BadHostField, "bad_host_field" },
        { Cause::BadMaxForwards, "bad_max_forwards" },
        { Cause::Silence, "silence" },
        { Cause::MalformedResponse, "http_protocol_error" },
        { Cause::UnaskedUpgrade, "unasked_upgrade" },
        { Cause::NoResponse, "no_response" },
        { Cause::ResponseCut, "response_incomplete" },
        { Cause::RequestCut, "request_incomplete" },
        { Cause::TlsTimeout, "tls_timeout" },
        { Cause::TlsFull, "tls_full" },
        { Cause::TlsTruncated, "tls_truncated" },
        { Cause::KeptInput, "kept_input" },
        { Cause::UserFull, "user_full" },
        { Cause::SignInFull, "sign_in_full" },
        { Cause::UserRemoved, "user_removed" },
    };
}

struct DialFaultRow
{
    const char *name;
    DialFault fault;
    const char *code;
    bool isOwn; ///< own code besides the RFC 9209 name, which several share
};

QList<DialFaultRow> dialFaultRows()
{
    return {
        { "B§8: no such name", DialFault::NameNotFound, "name_not_found", true },
        { "B§8: no address of the exit's family", DialFault::FamilyExcluded, "exit_family", true },
        { "B§8: the exit's address is gone", DialFault::SourceUnavailable, "source_address", true },
        { "B§8: no TLS library", DialFault::NoTlsLibrary, "no_tls_library", true },
        { "B§8: no authorities", DialFault::NoAuthorities, "no_authorities", true },
        { "B§8: a look-up that failed", DialFault::DnsFailure, "dns_error", false },
        { "B§8: a look-up too long", DialFault::DnsTimeout, "dns_timeout", false },
        { "B§8: no address that is allowed", DialFault::AddressRefused, "destination_ip_prohibited",
          false },
        { "B§8: refused by the host", DialFault::ConnectionRefused, "connection_refused", false },
        { "B§8: no way there", DialFault::Unreachable, "destination_ip_unroutable", false },
        { "B§8: a dial too long", DialFault::ConnectTimeout, "connection_timeout", false },
        { "B§8: reset while dialling", DialFault::ConnectionReset, "connection_terminated", false },
        { "B§8: a bad certificate", DialFault::TlsCertificate, "tls_certificate_error", false },
        { "B§8: no TLS there", DialFault::TlsProtocol, "tls_protocol_error", false },
        { "B§14: another key than the pinned one", DialFault::PinMismatch, "parent_pin", true },
        { "B§14: our credentials refused", DialFault::ParentCredentials, "parent_credentials",
          true },
        { "B§14: no answer to CONNECT", DialFault::ParentProtocol, "parent_protocol", true },
        { "B§14: a parent that cannot serve now", DialFault::ParentUnavailable,
          "parent_unavailable", true },
        { "B§14: a destination that it does not serve", DialFault::ParentForbids, "parent_forbids",
          true },
        { "B§14: a circle of parents", DialFault::ParentLoop, "parent_loop", true },
        { "B§14: a destination that failed there", DialFault::DestinationFailed,
          "destination_failed", true },
        { "B§14: no parent that answers", DialFault::NoParent, "no_parent", true },
        { "B§8: no descriptors", DialFault::OutOfResources, "proxy_internal_error", false },
    };
}

/// How many rows each value has.
template <typename Enum, typename Row>
PerValue<Enum, int> rowsPerValue(const QList<Row> &rows, Enum Row::*value)
{
    PerValue<Enum, int> counts;
    for (const Row &row : rows)
        ++counts[row.*value];
    return counts;
}

/// What RFC 9209's names alone would say.
const char *rfcName(const Reason &reason)
{
    return net::toString(std::get<DialFault>(reason.value()));
}

} // namespace

/// Operators search their logs for these codes, and the window maps the values to sentences.
class TestReason : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyEnumHasItsPart();
    void everyValueHasItsCode_data();
    void everyValueHasItsCode();
    void causes_data();
    void causes();
    void everyCauseAndDialFaultHasItsRow();
    void dialFaults_data();
    void dialFaults();
    void none();
    void equality();
    void onlyARuleRefuses();
};

/// The first alternative is none.
void TestReason::everyEnumHasItsPart()
{
    const QList<Part> parts = allParts();
    QCOMPARE(std::size_t(parts.size()) + 1, std::variant_size_v<Reason::Value>);
    for (int part = 0; part < parts.size(); ++part)
        QCOMPARE(int(parts[part].behind.value().index()), part + 1);
}

void TestReason::everyValueHasItsCode_data()
{
    QTest::addColumn<int>("part");
    const QList<Part> parts = allParts();
    for (int part = 0; part < parts.size(); ++part)
        QTest::addRow("B§8: the codes of the %s", parts[part].name) << part;
}

/// Every value has a code that is unique within its enum. If a value is missing from the ranges of
/// enumranges.h, the value after the last one has a code, and the test fails.
void TestReason::everyValueHasItsCode()
{
    QFETCH(int, part);
    const Part whole = allParts().at(part);
    const auto isGood = [&whole](char c) {
        const bool isOfWord = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        return whole.isWord ? isOfWord : c >= ' ' && c <= '~';
    };
    QSet<QByteArray> seen;
    for (const Reason &reason : whole.reasons) {
        const QByteArray code = rig::code(reason);
        QVERIFY(!code.isEmpty());
        QVERIFY2(!seen.contains(code), code.constData());
        seen.insert(code);
        // A log is read back by these codes. Faults of two enums may share one.
        QCOMPARE(rig::code(Reason::ofCode(code)), code);
        QVERIFY2(std::all_of(code.cbegin(), code.cend(), isGood), code.constData());
    }
    QCOMPARE(rig::code(whole.behind), QByteArray(whole.fallback));
}

void TestReason::causes_data()
{
    QTest::addColumn<Cause>("cause");
    QTest::addColumn<QByteArray>("code");
    for (const auto &[cause, code] : causeRows())
        QTest::addRow("B§8: the code %s", code) << cause << QByteArray(code);
}

void TestReason::causes()
{
    QFETCH(Cause, cause);
    QFETCH(QByteArray, code);
    QCOMPARE(rig::code(cause), code);
}

void TestReason::dialFaults_data()
{
    QTest::addColumn<DialFault>("fault");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<bool>("isOwn");
    for (const DialFaultRow &row : dialFaultRows())
        QTest::newRow(row.name) << row.fault << QByteArray(row.code) << row.isOwn;
}

void TestReason::dialFaults()
{
    QFETCH(DialFault, fault);
    QFETCH(QByteArray, code);
    QFETCH(bool, isOwn);
    const Reason reason = fault;
    QCOMPARE(rig::code(reason), code);
    QCOMPARE(code != rfcName(reason), isOwn);
}

/// Their codes are promised to people who search logs, so each is written down here.
void TestReason::everyCauseAndDialFaultHasItsRow()
{
    const auto causes = rowsPerValue(causeRows(), &CauseRow::cause);
    for (const Cause cause : enumValues<Cause>())
        QVERIFY2(causes[cause] == 1, toString(cause));
    const auto faults = rowsPerValue(dialFaultRows(), &DialFaultRow::fault);
    for (const DialFault fault : enumValues<DialFault>())
        QVERIFY2(faults[fault] == 1, Reason(fault).code());
}

void TestReason::none()
{
    const Reason none;
    QVERIFY(none.isNone());
    QCOMPARE(rig::code(none), ""_ba);
    QCOMPARE(rig::name(none.refusal()), rig::name(Refusal::None));
    for (const Part &part : allParts()) {
        for (const Reason &reason : part.reasons)
            QVERIFY2(!reason.isNone(), reason.code());
    }
}

/// Values of two enums with the same number are different reasons.
void TestReason::equality()
{
    QList<Reason> all { Reason() };
    for (const Part &part : allParts())
        all += part.reasons;
    for (qsizetype left = 0; left < all.size(); ++left) {
        for (qsizetype right = 0; right < all.size(); ++right)
            QVERIFY2((all[left] == all[right]) == (left == right), all[left].code());
    }
}

void TestReason::onlyARuleRefuses()
{
    for (const Part &part : allParts()) {
        for (const Reason &reason : part.reasons) {
            const bool isRule = std::holds_alternative<Refusal>(reason.value());
            QCOMPARE(reason.refusal() != Refusal::None, isRule);
            if (isRule)
                QCOMPARE(rig::name(reason.refusal()), rig::code(reason));
        }
    }
}

QTEST_APPLESS_MAIN(TestReason)
#include "tst_reason.moc"
