// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/keptsetting.h"

#include "config/exposure.h"
#include "config/remotesettings.h"
#include "door/statefolder.h"

namespace sami::admin {

Result<void, QString> keepSetting(const config::Settings &settings, const config::Option &option,
                                  const QString &text)
{
    const QString folder = settings.state.folder;
    if (folder.isEmpty())
        return {};
    // A folder that held the identity is not created again if it is missing.
    const bool isHeld = config::speaksTls(settings) && settings.tls.certificateFile.isEmpty();
    const auto opened = door::StateFolder::open(
        folder, isHeld ? door::StateFolder::As::Holder : door::StateFolder::As::Owner);
    if (!opened)
        return Unexpected(folder + u' ' + opened.error());
    const QString path = config::RemoteSettings::fileIn(folder);
    if (auto written = config::RemoteSettings::write(path, option, text); !written)
        return Unexpected(path + u' ' + written.error());
    return {};
}

} // namespace sami::admin
