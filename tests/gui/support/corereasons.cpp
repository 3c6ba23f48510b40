// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "corereasons.h"

#include "account/reason.h"
#include "server/replytext.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

QString sourceOf(const QString &path)
{
    QFile file(QStringLiteral(SAMI_SOURCE_DIR "/core/") + path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(file.fileName()));
    return QString::fromUtf8(file.readAll());
}

using Words = QSet<QString>;

void collect(Words &words, const QRegularExpression &expression, const QString &text)
{
    for (auto match = expression.globalMatch(text); match.hasNext();)
        words.insert(match.next().captured(1));
}

QStringList inOrder(Words words)
{
    words.remove({});
    QStringList all(words.cbegin(), words.cend());
    all.sort();
    return all;
}

/// The codes and types of the proxy's own answers.
template <typename Enum> void addAnswers(Words &codes, Words &types, int first = 0)
{
    for (int value = first;; ++value) {
        const server::ReplyText text = server::replyText(static_cast<Enum>(value));
        if (text.status == 0)
            return;
        codes.insert(QString::fromLatin1(text.reason.code()));
        types.insert(QString::fromLatin1(text.errorType));
    }
}

void addAnswers(Words &codes, Words &types)
{
    for (int value = 0; qstrlen(account::toString(account::Cause(value))) > 0; ++value)
        codes.insert(QString::fromLatin1(account::toString(account::Cause(value))));
    addAnswers<server::OwnReply>(codes, types);
    for (int value = int(socks::Fault::BadVersion); value <= int(socks::Fault::BadPort); ++value)
        codes.insert(QString::fromLatin1(socks::toString(socks::Fault(value))));
    addAnswers<http::ForeignProtocol>(codes, types);
    addAnswers<policy::Refusal>(codes, types, 1); // the first value means no refusal
    addAnswers<net::DialFault>(codes, types);
}

} // namespace

QStringList reasonCodes()
{
    Words codes;
    Words types;
    addAnswers(codes, types);
    return inOrder(codes);
}

QStringList errorTypes()
{
    static const QRegularExpression spelled(u"return \"([a-z_]+)\";"_s);
    Words codes;
    Words types;
    addAnswers(codes, types);
    collect(types, spelled, sourceOf(u"net/dialfault.cpp"_s));
    return inOrder(types);
}

QStringList faultSentences()
{
    static const QRegularExpression spelled(u"return \"([^\"]* [^\"]*)\";"_s);
    Words all;
    for (const QString &name :
         { u"headfault"_s, u"requesttarget"_s, u"bodyframing"_s, u"bodyreader"_s })
        collect(all, spelled, sourceOf(u"http/"_s + name + u".cpp"_s));
    // Their text for an out-of-range value is not a reason.
    all.removeIf(
        [](const QString &words) { return account::Reason::ofCode(words.toUtf8()).isNone(); });
    return inOrder(all);
}

} // namespace sami::gui
