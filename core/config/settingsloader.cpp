// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/settingsloader.h"

#include "base/logrecord.h"
#include "config/adminchecks.h"
#include "config/hosttext.h"
#include "config/lookalikes.h"
#include "config/optiontable.h"
#include "config/parentchecks.h"
#include "config/passwordfile.h"
#include "config/settingsources.h"
#include "config/sourceaddress.h"

#include <QDir>

#include <chrono>
#include <optional>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

/// Somebody may give the password in place of its file's name. An absolute path is hardly a
/// password.
QString shownFileName(const QString &name)
{
    return QDir::isAbsolutePath(name) ? name : QString::fromLatin1(secretMask);
}

// A shorter password could fall to guesses spread over many addresses.
constexpr qsizetype shortPassword = 12;

constexpr char streamTimeoutOption[] = "PROXY_TIMEOUT_MS";
// Less is silence as models make it before each answer.
constexpr std::chrono::seconds shortSilence { 10 };

/// A credential may truly begin and end with quotes; nothing else does.
bool isCredential(const Option &option)
{
    return QLatin1StringView(option.environment) == QLatin1StringView(passwordOption)
        || QLatin1StringView(option.environment) == QLatin1StringView(usernameOption);
}

class Loader
{
public:
    explicit Loader(const LoadInput &input)
        : m_input(input), m_sources(input), m_errors(input.commandLine.errors)
    {
        m_draft.settings = input.defaults;
        if (input.defaults.access.credentials) {
            m_draft.username = QString::fromUtf8(input.defaults.access.credentials->username);
            m_draft.password = QString::fromUtf8(input.defaults.access.credentials->password);
        }
    }

    Result<LoadedSettings, QList<ConfigError>> load();

private:
    void choose();
    [[nodiscard]] std::optional<GivenValue> chosen(const char *environmentName) const;
    [[nodiscard]] bool isSet(const Option &option) const;
    void judgeLookalikes();
    void settlePasswordSource();
    void parseValues();
    void trySourceAddress();
    void joinCredentials();
    void joinParents();
    void pairCertificateFiles();
    void requireCertificate();
    void judgeAdminDoors();
    void hintAtCredentials();
    void hintAtTimeout();

    const LoadInput &m_input;
    SettingSources m_sources;
    Draft m_draft;
    QList<std::optional<GivenValue>> m_chosen; ///< in the table's order
    QList<ConfigError> m_errors;
    QStringList m_warnings;
};

Result<LoadedSettings, QList<ConfigError>> Loader::load()
{
    m_errors += m_sources.read();
    choose();
    judgeLookalikes();
    settlePasswordSource();
    parseValues();
    trySourceAddress();
    joinCredentials();
    joinParents();
    pairCertificateFiles();
    requireCertificate();
    judgeAdminDoors();
    if (!m_errors.isEmpty())
        return Unexpected(m_errors);

    LoadedSettings loaded;
    loaded.settings = m_draft.settings;
    const QList<Option> &table = optionTable();
    for (qsizetype i = 0; i < table.size(); ++i) {
        const auto &candidate = m_chosen[i];
        loaded.options.append({ &table[i], candidate ? candidate->source : Source::Default,
                                candidate ? candidate->text : table[i].format(m_input.defaults) });
    }
    if (m_draft.settings.access.credentials)
        hintAtCredentials();
    hintAtTimeout();
    loaded.warnings = m_warnings + hostHints(loaded.settings.access);
    return loaded;
}

void Loader::hintAtCredentials()
{
    const auto nameOf = [this](const char *option) {
        const auto candidate = chosen(option);
        return candidate ? printable(candidate->name) : QString::fromLatin1(option);
    };
    const bool isFromFile = chosen(passwordFileOption) && !chosen(passwordOption);
    const QString password = nameOf(isFromFile ? passwordFileOption : passwordOption);
    if (m_draft.password.size() < shortPassword) {
        m_warnings.append(
            u"%1: the password has fewer than %2 characters; a longer one is harder to guess"_s
                .arg(password)
                .arg(shortPassword));
    }
    const QString quotes = u"%1: the quotes around it count as a part of it, and clients must give "
                           "them too; docker run --env-file does not take them off"_s;
    if (isQuoted(m_draft.username))
        m_warnings.append(quotes.arg(nameOf(usernameOption)));
    if (isQuoted(m_draft.password))
        m_warnings.append(quotes.arg(password));
}

/// Of those who take the milliseconds for seconds.
void Loader::hintAtTimeout()
{
    const auto given = chosen(streamTimeoutOption);
    const std::chrono::milliseconds timeout = m_draft.settings.timeouts.silence;
    if (!given || timeout >= shortSilence)
        return;
    m_warnings.append(u"%1: cuts a stream that is silent for %2 (%3 milliseconds); models think "
                      "longer than that"_s.arg(printable(given->name),
                                               QString::fromLatin1(formatDuration(timeout)),
                                               QString::number(timeout.count())));
}

void Loader::choose()
{
    for (const Option &option : optionTable())
        m_chosen.append(m_sources.strongest(option));
}

std::optional<GivenValue> Loader::chosen(const char *environmentName) const
{
    const Option *option = findOption(QString::fromLatin1(environmentName));
    return m_chosen[option - optionTable().constData()];
}

bool Loader::isSet(const Option &option) const
{
    const auto is = [&option](const char *name) {
        return QLatin1StringView(option.environment) == QLatin1StringView(name);
    };
    const bool isOfThePair = is(usernameOption) || is(passwordOption) || is(passwordFileOption);
    if (isOfThePair && chosen(usersFileOption))
        return true;
    // A password file counts as a password.
    if (is(passwordOption) || is(passwordFileOption)) {
        return chosen(passwordOption) || chosen(passwordFileOption)
            || m_input.defaults.access.credentials;
    }
    if (is(usernameOption) && m_input.defaults.access.credentials)
        return true;
    return chosen(option.environment).has_value();
}

void Loader::judgeLookalikes()
{
    const auto found =
        findLookalikes(m_input.environment, [this](const Option &option) { return isSet(option); });
    for (const Lookalike &lookalike : found) {
        if (lookalike.leavesOpen && m_input.lookalikes == LookalikeRule::RefuseOpenings) {
            m_errors.append({ lookalike.variable,
                              {},
                              u"not a setting of this program, so that it keeps nobody out; did "
                              "you mean %1? Rename it, or take it out"_s.arg(
                                  lookalike.meant->environmentName()) });
        } else {
            m_warnings.append(lookalike.warning());
        }
    }
}

void Loader::settlePasswordSource()
{
    const auto password = chosen(passwordOption);
    const auto file = chosen(passwordFileOption);
    if (!password || !file)
        return;
    if (password->source == file->source) {
        m_errors.append(
            { file->name, shownFileName(file->text),
              u"the password itself is set too (%1); keep one of the two"_s.arg(password->name) });
        return;
    }
    const char *weaker = password->source < file->source ? passwordOption : passwordFileOption;
    const Option *option = findOption(QString::fromLatin1(weaker));
    m_chosen[option - optionTable().constData()].reset();
}

void Loader::parseValues()
{
    const QList<Option> &table = optionTable();
    for (qsizetype i = 0; i < table.size(); ++i) {
        const auto &candidate = m_chosen[i];
        if (!candidate)
            continue;
        if (isQuoted(candidate->text) && !isCredential(table[i])) {
            m_errors.append({ candidate->name, table[i].shown(candidate->text), quotesProblem() });
            continue;
        }
        for (const ValueProblem &problem : table[i].parse(m_draft, candidate->text)) {
            const QString shown =
                table[i].isSecret() ? QString::fromLatin1(secretMask) : problem.value;
            const bool isLink =
                candidate->source == Source::Environment && isServiceLink(candidate->text);
            m_errors.append(
                { candidate->name, shown, isLink ? serviceLinkProblem() : problem.problem });
        }
    }
}

void Loader::trySourceAddress()
{
    const auto given = chosen(sourceAddressOption);
    if (!m_input.triesSourceAddress || !given)
        return;
    const SourceAddresses &sources = m_draft.settings.upstream.exit.sources;
    for (const std::optional<QHostAddress> *source : { &sources.ipv4, &sources.ipv6 }) {
        if (!*source)
            continue;
        if (const auto bound = tryToBind(**source); !bound)
            m_errors.append({ given->name, (*source)->toString(), bound.error() });
    }
}

void Loader::joinCredentials()
{
    const auto password = chosen(passwordOption);
    const auto file = chosen(passwordFileOption);
    const auto username = chosen(usernameOption);
    if (file && !password) {
        auto content = readPasswordFile(file->text);
        if (content)
            m_draft.password = std::move(content).value();
        else
            m_errors.append({ file->name, shownFileName(file->text), content.error() });
    }

    // Decides by what was given, not by what could be read: an invalid half has its own error.
    const bool hasUsername = username || !m_draft.username.isEmpty();
    const bool hasPassword = password || file || !m_draft.password.isEmpty();
    if (hasUsername && !hasPassword) {
        m_errors.append(
            { username ? username->name : QString::fromLatin1(usernameOption), m_draft.username,
              u"a user name without a password; set %1 or %2 too, or none of them"_s.arg(
                  QLatin1StringView(passwordOption), QLatin1StringView(passwordFileOption)) });
    } else if (hasPassword && !hasUsername) {
        const auto &given = password ? password : file;
        m_errors.append({ given ? given->name : QString::fromLatin1(passwordOption),
                          password   ? QString::fromLatin1(secretMask)
                              : file ? shownFileName(file->text)
                                     : QString(),
                          u"a password without a user name; set %1 too, or none of them"_s.arg(
                              QLatin1StringView(usernameOption)) });
    }
    if (hasUsername && hasPassword) {
        m_draft.settings.access.credentials =
            policy::Credentials { m_draft.username.toUtf8(), m_draft.password.toUtf8() };
    }
}

void Loader::joinParents()
{
    const auto list = chosen(parentsOption);
    const auto file = chosen(parentsPasswordFileOption);
    ParentNames names;
    names.list = list ? list->name : QString::fromLatin1(parentsOption);
    names.isListGiven = list.has_value();
    if (file) {
        names.passwordFile = file->name;
        names.shownPath = shownFileName(file->text);
    }
    const ParentVerdict verdict = settleParents(m_draft, names);
    m_errors += verdict.errors;
    m_warnings += verdict.warnings;
}

void Loader::pairCertificateFiles()
{
    const TlsSettings &tls = m_draft.settings.tls;
    if (tls.certificateFile.isEmpty() == tls.keyFile.isEmpty())
        return;
    const bool lacksKey = tls.keyFile.isEmpty();
    const char *set = lacksKey ? certificateFileOption : keyFileOption;
    const QLatin1StringView missing(lacksKey ? keyFileOption : certificateFileOption);
    const auto given = chosen(set);
    m_errors.append(
        { given ? given->name : QString::fromLatin1(set),
          lacksKey ? tls.certificateFile : tls.keyFile,
          lacksKey
              ? u"a certificate without its key; set %1 too, or none of them"_s.arg(missing)
              : u"a key without its certificate; set %1 too, or none of them"_s.arg(missing) });
}

/// Without a certificate, a proxy that refuses clear text would refuse everything.
void Loader::requireCertificate()
{
    const Settings &settings = m_draft.settings;
    if (settings.tls.mode != TlsMode::Require)
        return;
    const auto given = chosen(tlsOption);
    const QString name = given ? given->name : QString::fromLatin1(tlsOption);
#ifdef Q_OS_LINUX
    if (settings.tls.certificateFile.isEmpty() && settings.tls.keyFile.isEmpty()
        && settings.state.folder.isEmpty())
        m_errors.append(
            { name, u"require"_s,
              u"there is no certificate to show; set %1, where the proxy makes one, or %2 "
              "and %3"_s.arg(QLatin1StringView(stateFolderOption),
                             QLatin1StringView(certificateFileOption),
                             QLatin1StringView(keyFileOption)) });
#else
    m_errors.append(
        { name, u"require"_s, u"clients can speak TLS with the proxy on Linux only"_s });
#endif
}

void Loader::judgeAdminDoors()
{
    const auto nameOf = [this](const char *option) {
        const auto candidate = chosen(option);
        return candidate ? candidate->name : QString();
    };
    const AdminVerdict verdict =
        judgeAdmin(m_draft.settings,
                   { nameOf(adminOption), nameOf(metricsOption), nameOf(adminHostsOption),
                     nameOf(adminTokensOption) });
    m_errors += verdict.errors;
    m_warnings += verdict.warnings;
}

} // namespace

const char *toString(Source source)
{
    switch (source) {
    case Source::Default:
        return "default";
    case Source::File:
        return "file";
    case Source::State:
        return "state folder";
    case Source::Environment:
        return "environment";
    case Source::CommandLine:
        return "command line";
    }
    return "";
}

const EffectiveOption &LoadedSettings::option(const QString &spelling) const
{
    const Option *wanted = findOption(spelling);
    Q_ASSERT(wanted && options.size() == optionTable().size());
    return options.at(wanted - optionTable().constData());
}

Result<LoadedSettings, QList<ConfigError>> loadSettings(const LoadInput &input)
{
    return Loader(input).load();
}

} // namespace sami::config
