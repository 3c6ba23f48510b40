// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

/// What the readers of this folder share: the messages come on standard input as "KIND LENGTH" LF
/// and that many octets; each is answered by one line of JSON. KIND is "request", or the method
/// that a response answers.
namespace differential {

struct Message
{
    QByteArray kind;
    QByteArray octets;

    [[nodiscard]] bool isRequest() const { return kind == "request"; }
};

inline std::optional<Message> readMessage()
{
    char kind[32] = {};
    unsigned long length = 0;
    if (std::scanf("%31s %lu", kind, &length) != 2 || std::getchar() != '\n')
        return std::nullopt;
    Message message { kind, QByteArray(static_cast<qsizetype>(length), '\0') };
    if (std::fread(message.octets.data(), 1, length, stdin) != length)
        return std::nullopt;
    return message;
}

/// What a reader made of a message.
struct Reading
{
    QByteArray refusal; ///< why; empty when it is none
    bool hasHead = false;
    QByteArray method;
    QByteArray target;
    int minorVersion = 1;
    int status = 0;
    QJsonArray fields; ///< [name, value] in their order
    QByteArray body;
    QJsonArray trailers;
    bool isComplete = false;
    qsizetype consumed = 0; ///< when complete
};

inline QString text(QByteArrayView octets)
{
    return QString::fromLatin1(octets);
}

inline QJsonArray field(QByteArrayView name, QByteArrayView value)
{
    return { text(name.toByteArray().toLower()), text(value) };
}

inline void print(const Reading &reading)
{
    const QJsonObject object {
        { QStringLiteral("refusal"), text(reading.refusal) },
        { QStringLiteral("has_head"), reading.hasHead },
        { QStringLiteral("method"), text(reading.method) },
        { QStringLiteral("target"), text(reading.target) },
        { QStringLiteral("minor_version"), reading.minorVersion },
        { QStringLiteral("status"), reading.status },
        { QStringLiteral("fields"), reading.fields },
        { QStringLiteral("body"), text(reading.body) },
        { QStringLiteral("trailers"), reading.trailers },
        { QStringLiteral("complete"), reading.isComplete },
        { QStringLiteral("consumed"), qint64(reading.consumed) },
    };
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
}

} // namespace differential
