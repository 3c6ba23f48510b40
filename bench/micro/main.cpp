// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyreader.h"
#include "http/headparser.h"
#include "policy/authenticator.h"
#include "samples.h"
#include "timing.h"
#include "watching.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

/// sami-bench-micro: the cost of the parsers, of a credentials check and of the metrics. A plain
/// loop instead of a benchmark library: the only figure needed is the time of runs of some
/// microseconds, and a fresh clone should need no additional package.
namespace {

using namespace sami;
using bench::nanoseconds;

[[noreturn]] void die(const char *what)
{
    std::fprintf(stderr, "sami-bench-micro: %s\n", what);
    std::exit(1);
}

template <typename Parser> void parseHead(Parser &parser, QByteArrayView head, qsizetype piece)
{
    for (qsizetype at = 0; at < head.size(); at += piece) {
        const auto progress = parser.feed(head.sliced(at, std::min(piece, head.size() - at)));
        if (progress.status == http::HeadProgress::Status::Complete) {
            if (parser.take().fields.isEmpty())
                die("a head without fields");
            return;
        }
        if (progress.status == http::HeadProgress::Status::Failed)
            die("a sample head was refused");
    }
    die("a sample head has no end");
}

void readBody(QByteArrayView body, qsizetype piece)
{
    http::BodyReader reader({ http::BodyKind::Chunked, 0 });
    for (qsizetype at = 0; at < body.size(); at += piece) {
        QByteArrayView input = body.sliced(at, std::min(piece, body.size() - at));
        for (;;) {
            const auto step = reader.next(input);
            input = input.sliced(step.consumed);
            if (step.status == http::BodyReader::Status::Done)
                return;
            if (step.status == http::BodyReader::Status::Failed)
                die("a sample body was refused");
            if (step.status == http::BodyReader::Status::NeedMore)
                break;
        }
    }
    die("a sample body has no end");
}

void print(const char *name, qsizetype octets, qsizetype piece, double each)
{
    std::printf("{\"micro\": \"%s\", \"octets\": %lld, \"piece\": %lld, \"ns\": %.1f, "
                "\"megabytes_per_second\": %.1f}\n",
                name, static_cast<long long>(octets), static_cast<long long>(piece), each,
                static_cast<double>(octets) * 1e3 / each);
}

template <typename Parser> void measureHead(const char *name, const QByteArray &head)
{
    Parser parser;
    for (const qsizetype piece : { head.size(), qsizetype(64), qsizetype(1) })
        print(name, head.size(), piece, nanoseconds([&] { parseHead(parser, head, piece); }));
}

void measureBody(const char *name, const QByteArray &body, std::initializer_list<qsizetype> pieces)
{
    for (const qsizetype piece : pieces)
        print(name, body.size(), piece, nanoseconds([&] { readBody(body, piece); }));
}

/// Whether timing could tell a guesser where a guess goes wrong: all should take the same time.
void measureCredentials()
{
    const policy::Authenticator authenticator(
        policy::Credentials { "admin", "correct horse battery staple" });
    const auto measure = [&authenticator](const char *name, const QByteArray &guess) {
        const QByteArray field = "Basic " + guess.toBase64();
        print(name, field.size(), field.size(), nanoseconds([&] {
                  if (authenticator.check(policy::readCredentials(QList<QByteArrayView> { field }))
                          .refusal
                      == policy::Refusal::CredentialsMissing)
                      die("sample credentials are malformed");
              }));
    };
    measure("credentials: right", "admin:correct horse battery staple");
    measure("credentials: wrong first octet", "admin:Xorrect horse battery staple");
    measure("credentials: wrong last octet", "admin:correct horse battery stapl3");
    measure("credentials: wrong user", "Xdmin:correct horse battery staple");
    measure("credentials: all wrong", "Xxxxx:xxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

} // namespace

int main()
{
    using namespace sami::bench;
    measureHead<http::RequestHeadParser>("request head", samples::requestHead());
    measureHead<http::ResponseHeadParser>("response head", samples::responseHead());
    const QByteArray events = samples::chunkedBody(100, 200);
    measureBody("100 chunks of 200", events, { events.size(), 64, 1 });
    const QByteArray bulk = samples::chunkedBody(64, 16384);
    measureBody("64 chunks of 16384", bulk, { bulk.size(), 65536 });
    measureCredentials();
    measureWatching();
    return 0;
}
