// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
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

/// The reasons of all values of an enum from its first to its last one.
template <typename Enum>
Part from(const char *name, const char *fallback, bool isWord, Enum first, Enum last)
{
    Part part { name, fallback, isWord, {}, static_cast<Enum>(int(last) + 1) };
    for (int value = int(first); value <= int(last); ++value)
        part.reasons.append(static_cast<Enum>(value));
    return part;
}

QList<Part> allParts()
{
    using http::BodyFault;
    using http::ForeignProtocol;
    using http::FramingFault;
    using http::HeadFault;
    using http::TargetFault;
    return {
        from("causes", "", true, Cause::Full, Cause::UserRemoved),
        from("refusals", "unknown", true, Refusal::ClientNotListed, Refusal::UserHostNotListed),
        from("dial faults", "proxy_internal_error", true, DialFault::NameNotFound,
             DialFault::OutOfResources),
        from("head faults", "malformed head", false, HeadFault::BadMethod,
             HeadFault::TooManyFields),
        from("target faults", "bad request target", false, TargetFault::ConnectTakesHostAndPortOnly,
             TargetFault::BadForm),
        from("framing faults", "bad framing", false, FramingFault::LengthAndTransferEncoding,
             FramingFault::EmptyTransferEncoding),
        from("body faults", "malformed body", false, BodyFault::BadChunkSize, BodyFault::Truncated),
        from("foreign protocols", "unknown", true, ForeignProtocol::Tls, ForeignProtocol::Http2),
        from("faults of a client's TLS", "unknown", true, net::TlsAcceptFault::Untrusted,
             net::TlsAcceptFault::Other),
        from("SOCKS faults", "socks", true, socks::Fault::BadVersion, socks::Fault::BadPort),
    };
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
    void everyValueHasItsCode_data();
    void everyValueHasItsCode();
    void causes_data();
    void causes();
    void dialFaults_data();
    void dialFaults();
    void none();
    void equality();
    void onlyARuleRefuses();
};

void TestReason::everyValueHasItsCode_data()
{
    QTest::addColumn<int>("part");
    const QList<Part> parts = allParts();
    for (int part = 0; part < parts.size(); ++part)
        QTest::addRow("B§8: the codes of the %s", parts[part].name) << part;
}

/// Every value has a code that is unique within its enum. If a value is missing from the ranges
/// above, the value after the last one has a code, and the test fails.
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
    const auto row = [](Cause cause, const char *code) {
        QTest::addRow("B§8: the code %s", code) << cause << QByteArray(code);
    };
    row(Cause::Full, "full");
    row(Cause::ClientFull, "client_full");
    row(Cause::UnfinishedHeads, "unfinished_heads");
    row(Cause::Draining, "draining");
    row(Cause::NotFound, "not_found");
    row(Cause::MethodNotAllowed, "method_not_allowed");
    row(Cause::HeadTimeout, "head_timeout");
    row(Cause::NoProxyHeader, "proxy_protocol_missing");
    row(Cause::BadProxyHeader, "proxy_protocol_bad");
    row(Cause::ParentLost, "parent_lost");
    row(Cause::BadHostField, "bad_host_field");
    row(Cause::BadMaxForwards, "bad_max_forwards");
    row(Cause::Silence, "silence");
    row(Cause::MalformedResponse, "http_protocol_error");
    row(Cause::UnaskedUpgrade, "unasked_upgrade");
    row(Cause::NoResponse, "no_response");
    row(Cause::ResponseCut, "response_incomplete");
    row(Cause::RequestCut, "request_incomplete");
    row(Cause::TlsTimeout, "tls_timeout");
    row(Cause::TlsFull, "tls_full");
    row(Cause::TlsTruncated, "tls_truncated");
    row(Cause::KeptInput, "kept_input");
    row(Cause::UserFull, "user_full");
    row(Cause::SignInFull, "sign_in_full");
    row(Cause::UserRemoved, "user_removed");
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
    QTest::addColumn<bool>("isOwn"); // own code besides the RFC 9209 name, which several share
    const auto row = [](const char *name, DialFault fault, const char *code, bool isOwn) {
        QTest::newRow(name) << fault << QByteArray(code) << isOwn;
    };
    row("B§8: no such name", DialFault::NameNotFound, "name_not_found", true);
    row("B§8: no address of the exit's family", DialFault::FamilyExcluded, "exit_family", true);
    row("B§8: the exit's address is gone", DialFault::SourceUnavailable, "source_address", true);
    row("B§8: no TLS library", DialFault::NoTlsLibrary, "no_tls_library", true);
    row("B§8: no authorities", DialFault::NoAuthorities, "no_authorities", true);
    row("B§8: a look-up that failed", DialFault::DnsFailure, "dns_error", false);
    row("B§8: a look-up too long", DialFault::DnsTimeout, "dns_timeout", false);
    row("B§8: no address that is allowed", DialFault::AddressRefused, "destination_ip_prohibited",
        false);
    row("B§8: refused by the host", DialFault::ConnectionRefused, "connection_refused", false);
    row("B§8: no way there", DialFault::Unreachable, "destination_ip_unroutable", false);
    row("B§8: a dial too long", DialFault::ConnectTimeout, "connection_timeout", false);
    row("B§8: reset while dialling", DialFault::ConnectionReset, "connection_terminated", false);
    row("B§8: a bad certificate", DialFault::TlsCertificate, "tls_certificate_error", false);
    row("B§8: no TLS there", DialFault::TlsProtocol, "tls_protocol_error", false);
    row("B§14: another key than the pinned one", DialFault::PinMismatch, "parent_pin", true);
    row("B§14: our credentials refused", DialFault::ParentCredentials, "parent_credentials", true);
    row("B§14: no answer to CONNECT", DialFault::ParentProtocol, "parent_protocol", true);
    row("B§14: a parent that cannot serve now", DialFault::ParentUnavailable, "parent_unavailable",
        true);
    row("B§14: a destination that it does not serve", DialFault::ParentForbids, "parent_forbids",
        true);
    row("B§14: a circle of parents", DialFault::ParentLoop, "parent_loop", true);
    row("B§14: a destination that failed there", DialFault::DestinationFailed, "destination_failed",
        true);
    row("B§14: no parent that answers", DialFault::NoParent, "no_parent", true);
    row("B§8: no descriptors", DialFault::OutOfResources, "proxy_internal_error", false);
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
