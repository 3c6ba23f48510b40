// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logging.h"
#include "config/optiontable.h"
#include "door/certificate.h"
#include "door/certificatefiles.h"
#include "door/doorcertificate.h"
#include "door/identity.h"
#include "door/identitynames.h"
#include "door/memorydumps.h"
#include "door/statefolder.h"

#include <QCryptographicHash>
#include <QSysInfo>

#include <utility>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ConfigError;

namespace {

constexpr char unit[] = "door.certificate";

ConfigError inFolder(const config::Settings &settings, const QString &problem)
{
    return { QString::fromLatin1(config::stateFolderOption), settings.state.folder, problem };
}

QByteArray digestOf(const Material &material)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(material.chain);
    hash.addData(QByteArray(1, '\0'));
    hash.addData(material.key.octets());
    return hash.result();
}

void sayKept(const QByteArray &problem)
{
    logError(unit, "the certificate at the door is not changed: the old one stays",
             { { "reason", problem } });
}

} // namespace

QList<config::ServerName> DoorMachine::names(const config::Settings &settings) const
{
    const auto known = addresses();
    const QByteArray host = hostName ? hostName() : QSysInfo::machineHostName().toUtf8();
    return identityNames(settings, host, known ? *known : QList<InterfaceAddress>());
}

DoorCertificate::DoorCertificate(DoorMachine machine) : m_machine(std::move(machine)) {}

DoorCertificate::Source DoorCertificate::sourceOf(const config::Settings &settings)
{
    if (!settings.tls.certificateFile.isEmpty())
        return Source::Files;
    return settings.state.folder.isEmpty() ? Source::None : Source::Identity;
}

bool DoorCertificate::isOfSame(const config::Settings &settings) const
{
    return m_context && m_source == sourceOf(settings)
        && (m_source == Source::Files
                ? m_settings.tls.certificateFile == settings.tls.certificateFile
                    && m_settings.tls.keyFile == settings.tls.keyFile
                : m_settings.state.folder == settings.state.folder);
}

struct DoorCertificate::Found
{
    Result<Material, ConfigError> material;
    QByteArray state {};
};

DoorCertificate::Found DoorCertificate::load() const
{
    keepOutOfDumps();
    if (m_source == Source::Files) {
        const CertificateFiles files { m_settings.tls.certificateFile, m_settings.tls.keyFile };
        auto content = readPair(files);
        if (!content)
            return { Unexpected(content.error()) };
        const QByteArray state = content->digest;
        return { judgePair(std::move(content).value(), files, m_machine.now()), state };
    }
    // Before the folder is open: reading the interfaces takes descriptors too.
    const QList<config::ServerName> names = m_machine.names(m_settings);
    // Once clients know the pin, neither the folder nor its key is created again.
    using As = StateFolder::As;
    auto folder = StateFolder::open(m_settings.state.folder, m_context ? As::Holder : As::Owner);
    if (!folder)
        return { Unexpected(inFolder(m_settings, folder.error())) };
    auto material = useIdentity(*folder, names, m_machine.now(), m_chain);
    if (!material)
        return { Unexpected(inFolder(m_settings, material.error())) };
    return { std::move(material).value() };
}

Result<void, ConfigError> DoorCertificate::take(Material material)
{
    const QByteArray digest = digestOf(material);
    if (m_context && digest == m_digest)
        return {};
    Context context =
        net::TlsContext::server(material.chain, material.key.octets(), m_context.get());
    if (!context) {
        const bool isPair = m_source == Source::Files;
        return Unexpected(ConfigError {
            QString::fromLatin1(isPair ? config::certificateFileOption : config::stateFolderOption),
            isPair ? m_settings.tls.certificateFile : m_settings.state.folder,
            u"OpenSSL cannot use this certificate and its key for a server"_s });
    }
    m_context = std::move(context);
    m_pin = material.pin;
    m_chain = material.chain;
    m_digest = digest;
    return {};
}

Result<DoorCertificate, ConfigError>
DoorCertificate::renewed(const config::Settings &settings) const
{
    DoorCertificate next(m_machine);
    if (isOfSame(settings))
        next = *this;
    next.m_settings = settings;
    next.m_source = sourceOf(settings);
    next.m_suspicion.clear();
    next.m_said.clear();
    next.m_nextLook = {};
    if (next.m_source == Source::None)
        return next;
    Found found = next.load();
    if (found.material) {
        const QStringList warnings = found.material->warnings;
        auto taken = next.take(std::move(found.material).value());
        if (taken) {
            next.say(warnings);
            return next;
        }
        found.material = Unexpected(taken.error());
    }
    const QByteArray problem = found.material.error().toString().toUtf8();
    next.m_suspicion = next.m_said = problem + found.state;
    if (next.m_context) {
        sayKept(problem);
        return next;
    }
    if (next.m_source == Source::Identity && settings.state.isDefault()) {
        logError(unit, "no TLS at the door: its folder cannot be used", { { "reason", problem } });
        return next;
    }
    return Unexpected(found.material.error());
}

std::optional<WallTime> DoorCertificate::notAfter() const
{
    if (!m_context)
        return std::nullopt;
    const auto shown = Certificate::allOf(m_chain);
    return shown ? std::optional(shown->constFirst()->notAfter()) : std::nullopt;
}

bool DoorCertificate::look(TimePoint now)
{
    if (m_source == Source::None || now < m_nextLook)
        return false;
    m_nextLook = now + lookInterval;
    const QByteArray before = m_digest;
    Found found = load();
    if (found.material) {
        const QStringList warnings = found.material->warnings;
        const auto taken = take(std::move(found.material).value());
        if (taken) {
            m_suspicion.clear();
            m_said.clear();
            if (m_digest != before) {
                logInfo(unit,
                        "the certificate at the door has changed: running streams keep theirs",
                        { { "pin", m_pin } });
            }
            if (warnings != m_warnings)
                say(warnings);
            return m_digest != before;
        }
        found.material = Unexpected(taken.error());
    }
    suspect(found.material.error().toString().toUtf8(), found.state, now);
    return false;
}

void DoorCertificate::say(const QStringList &warnings)
{
    m_warnings = warnings;
    for (const QString &warning : warnings)
        logInfo(unit, "about the certificate at the door", { { "hint", warning.toUtf8() } });
}

void DoorCertificate::suspect(const QByteArray &problem, const QByteArray &state, TimePoint now)
{
    const QByteArray sight = problem + state;
    if (sight == m_said)
        return;
    if (sight != m_suspicion) {
        m_suspicion = sight;
        m_nextLook = now + settling;
        return;
    }
    m_said = sight;
    sayKept(problem);
}

} // namespace sami::door
