// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line "user:password", then one Proxy-Authorization value a line.
#include "fuzzing.h"
#include "policy/authenticator.h"

using namespace sami;
using namespace sami::policy;

namespace {

GivenCredentials inFields(const QList<QByteArrayView> &fields)
{
    return readCredentials(fields);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView input = fuzzing::viewOf(data, size);
    const QByteArray pair = fuzzing::takeLine(input).toByteArray();
    const qsizetype colon = pair.indexOf(':');
    // Settings are text: what is configured is UTF-8.
    if (colon < 0 || !pair.isValidUtf8())
        return 0;
    const Credentials credentials { pair.first(colon), pair.sliced(colon + 1) };
    const Authenticator authenticator(credentials);

    const QByteArray right = "Basic " + pair.toBase64();
    const Authentication accepted = authenticator.check(inFields({ right }));
    fuzzing::require(accepted.isAccepted() && accepted.username == credentials.username,
                     "the right credentials are accepted");
    fuzzing::require(!authenticator.check(inFields({ right, right })).isAccepted(),
                     "two sets are refused");
    fuzzing::require(!authenticator.check(inFields({})).isAccepted(), "nothing is refused");

    QList<QByteArrayView> fields;
    while (!input.isEmpty())
        fields.append(fuzzing::takeLine(input));
    const Authentication given = authenticator.check(inFields(fields));
    fuzzing::require((given.guess != 0) == (given.refusal == Refusal::CredentialsWrong),
                     "what is wrong can be told from other wrong credentials, and nothing else");
    if (!given.isAccepted()) {
        fuzzing::require(given.username.isEmpty(), "whoever is refused has no name");
        fuzzing::require(authenticator.check(inFields(fields)).guess == given.guess,
                         "the same again is the same guess");
        fuzzing::require(given.guess != authenticator.guessOfConfigured(),
                         "what is wrong is no guess of the configured credentials");
        // Once they have changed, the pair that was right is the guess that it was known as.
        const Authenticator changed(
            Credentials { credentials.username, credentials.password + "'" });
        fuzzing::require(changed.check(inFields({ right })).guess
                             == authenticator.guessOfConfigured(),
                         "what was right is known");
        return 0;
    }
    // Whatever its spelling, what is accepted says the credentials and nothing else.
    fuzzing::require(fields.size() == 1 && given.username == credentials.username, "one set");
    const QByteArray field = fields.front().toByteArray().trimmed();
    const QByteArray said = QByteArray::fromBase64(field.sliced(5).trimmed());
    fuzzing::require(field.first(5).toLower() == "basic"
                         && (said == pair || QString::fromLatin1(said).toUtf8() == pair),
                     "only the right credentials are accepted");
    return 0;
}
