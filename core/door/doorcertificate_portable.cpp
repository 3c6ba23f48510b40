// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// This platform has no stream of ours that speaks TLS with clients, so there is nothing to show.
#include "config/optiontable.h"
#include "door/doorcertificate.h"
#include "door/identitynames.h"
#include "door/material.h"

#include <utility>

namespace sami::door {

using namespace Qt::StringLiterals;
using config::ConfigError;

DoorCertificate::DoorCertificate(DoorMachine machine) : m_machine(std::move(machine)) {}

Result<DoorCertificate, ConfigError>
DoorCertificate::renewed(const config::Settings &settings) const
{
    if (!settings.tls.certificateFile.isEmpty()) {
        return Unexpected(ConfigError { QString::fromLatin1(config::certificateFileOption),
                                        settings.tls.certificateFile,
                                        u"TLS at the door is not supported on this system yet"_s });
    }
    return *this;
}

std::optional<WallTime> DoorCertificate::notAfter() const
{
    return std::nullopt;
}

bool DoorCertificate::look(TimePoint)
{
    return false;
}

} // namespace sami::door
