// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// All sentences but those about ends, which are in wordingends.cpp.
#include "gui/text/wording.h"

#include "gui/text/coretext.h"

#include <array>

namespace sami::gui {

namespace {

struct Sentence
{
    const char *code;
    const char *text;
};

constexpr std::array reasons {
    Sentence {
        "client_not_listed",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "this client is not in the list of allowed IPs") },
    Sentence { "guesser_blocked",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "blocked after too many wrong passwords") },
    Sentence { "credentials_missing",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "no user name and password were given") },
    Sentence { "credentials_wrong",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "wrong user name or password") },
    Sentence {
        "host_not_listed",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "this host is not in the list of destinations") },
    Sentence { "port_not_listed",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "this port is not in the list of ports") },
    Sentence {
        "private_target",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the destination has a private or local address") },
    Sentence { "fake_ip",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the name has a fake-IP address, as Clash, sing-box and similar "
                                 "programs on this computer give") },
    Sentence { "own_address",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the destination is this computer itself") },
    Sentence { "loop",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the request leads back to this proxy") },
    Sentence { "client_full",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "this client has too many connections") },
    Sentence {
        "unfinished_heads",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "too many unfinished requests are held already") },
    Sentence {
        "kept_input",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy holds too much unfinished data") },
    Sentence { "name_not_found",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "there is no host of that name") },
    Sentence {
        "dns_error",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the name of the host could not be looked up") },
    Sentence { "dns_timeout",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the name server did not answer in time") },
    Sentence {
        "destination_ip_prohibited",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the rules forbid the address of the host") },
    Sentence {
        "destination_ip_unroutable",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "no way leads to the host (network unreachable)") },
    Sentence { "exit_family",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the host has no address of the family that is reached") },
    Sentence { "source_address",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "this computer no longer has the address to connect from") },
    Sentence { "proxy_configuration_error",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "a setting of the proxy does not fit") },
    Sentence { "connection_refused",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the host refused the connection") },
    Sentence { "connection_timeout",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the host did not answer in time") },
    Sentence { "connection_terminated",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the server cut the connection") },
    Sentence {
        "tls_certificate_error",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the certificate of the server is not trusted") },
    Sentence {
        "tls_protocol_error",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "no encrypted connection came about (TLS)") },
    Sentence { "no_tls_library",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "this computer has no TLS library") },
    Sentence { "no_authorities",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "this computer has no list of trusted certificate authorities") },
    Sentence { "proxy_internal_error",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy ran out of resources") },
    Sentence { "http_response_timeout",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the server was silent for too long") },
    Sentence { "http_response_incomplete",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the answer of the server broke off") },
    Sentence { "http_protocol_error",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the server did not answer in valid HTTP") },
    Sentence { "http_request_error",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the request was not valid HTTP") },
    Sentence {
        "http_upgrade_failed",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the server refused to change the protocol") },
    Sentence { "unasked_upgrade",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the server changed the protocol unasked") },
    Sentence { "response_incomplete",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the answer broke off before its end") },
    Sentence { "request_incomplete",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the request broke off before its end") },
    Sentence { "no_response",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the server closed without an answer") },
    Sentence {
        "head_timeout",
        QT_TRANSLATE_NOOP("sami::gui::Wording", "the client did not finish its request in time") },
    Sentence { "bad_host_field",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the Host field is missing or malformed") },
    Sentence { "bad_max_forwards",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the Max-Forwards field is malformed") },
    Sentence { "tls_client_hello",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the client speaks TLS to the proxy: the proxy's address in its "
                                 "settings must begin with http://, not https://") },
    Sentence { "proxy_protocol_v1",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "it began with the PROXY protocol (version 1); switch it off in "
                                 "the balancer before the proxy") },
    Sentence { "proxy_protocol_v2",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "it began with the PROXY protocol (version 2); switch it off in "
                                 "the balancer before the proxy") },
    Sentence { "socks4",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the client speaks SOCKS4; choose an HTTP proxy in its "
                                 "settings") },
    Sentence { "socks5",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the client speaks SOCKS5; choose an HTTP proxy in its "
                                 "settings") },
    Sentence { "http2_preface",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the client speaks HTTP/2 to the proxy, which takes HTTP/1.1") },
    Sentence { "full",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy has too many connections") },
    Sentence { "silence",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the server was silent for too long") },
    Sentence { "draining", QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy is being stopped") },
    Sentence { "not_found",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy has no such page of its own") },
    Sentence { "method_not_allowed",
               QT_TRANSLATE_NOOP("sami::gui::Wording",
                                 "the proxy's own pages answer GET, HEAD and OPTIONS only") },
    // What Proxy-Status says where the code is not told.
    Sentence { "http_request_denied",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the rules of the proxy forbid it") },
    Sentence { "proxy_loop_detected",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the request leads back to this proxy") },
    Sentence { "proxy_internal_response",
               QT_TRANSLATE_NOOP("sami::gui::Wording", "the proxy takes no new work now") },
};

} // namespace

QString Wording::headline(ProxyState state, const SocketAddress &where)
{
    const QString place = QString::fromLatin1(where.toByteArray());
    switch (state) {
    case ProxyState::Stopped:
        return tr("Stopped");
    case ProxyState::Running:
        return tr("Running at %1").arg(place);
    case ProxyState::Draining:
        return tr("Finishing running streams at %1, then stopping").arg(place);
    case ProxyState::Failed:
        return tr("Can't listen on %1 – retrying").arg(place);
    }
    return {};
}

QString Wording::state(LiveState state)
{
    switch (state) {
    case LiveState::Unused:
        return tr("no data yet", "the state of a connection; its time may follow");
    case LiveState::Connecting:
        return tr("connecting");
    case LiveState::Streaming:
        return tr("streaming");
    case LiveState::Waiting:
        return tr("waiting");
    case LiveState::Idle:
        return tr("idle");
    case LiveState::Closing:
        return tr("closing");
    }
    return {};
}

QString Wording::stateExplanation(LiveState state)
{
    const QString timing = tr("This is read from timing alone: the proxy does not look inside. "
                              "Nothing is closed because of it.");
    switch (state) {
    case LiveState::Unused:
        return tr("The connection is open, and nothing has been asked for or sent over it yet.");
    case LiveState::Connecting:
        return tr("The proxy is reaching the server.");
    case LiveState::Streaming:
        return tr("Data is moving.") + QLatin1Char('\n') + timing;
    case LiveState::Waiting:
        return tr("The client spoke last and waits for an answer: a thinking model can take many "
                  "minutes.")
            + QLatin1Char('\n') + timing;
    case LiveState::Idle:
        return tr("The server spoke last: the answer is probably over and the connection is kept "
                  "for the next request.")
            + QLatin1Char('\n') + timing;
    case LiveState::Closing:
        return tr("The last data is being delivered.");
    }
    return {};
}

QString Wording::reason(const account::Reason &reason)
{
    return Wording::reason(QByteArray(reason.code()));
}

QString Wording::reason(const QByteArray &code)
{
    for (const Sentence &sentence : reasons) {
        if (code == sentence.code)
            return tr(sentence.text);
    }
    // What is malformed in HTTP comes as a sentence.
    return CoreText::localized(QString::fromUtf8(code));
}

QString Wording::joinedCells(const QStringList &cells, QChar separator)
{
    if (separator == QLatin1Char('\t'))
        return cells.join(separator);
    QStringList quoted;
    for (QString cell : cells) {
        // The texts come from clients: a spreadsheet must not take one for a formula.
        if (!cell.isEmpty() && QStringLiteral("=+-@").contains(cell.front()))
            cell.prepend(QLatin1Char('\''));
        quoted.append(QLatin1Char('"') + cell.replace(QLatin1Char('"'), QStringLiteral("\"\""))
                      + QLatin1Char('"'));
    }
    return quoted.join(separator);
}

} // namespace sami::gui
