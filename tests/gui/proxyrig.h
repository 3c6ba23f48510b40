// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "server/proxyserver.h"

#include <QTemporaryDir>

#include <memory>

namespace sami::test {

/// The controller over the real core, with settings in a temporary folder: a proxy that listens on
/// a free loopback port and may connect to loopback.
struct ProxyRig
{
    explicit ProxyRig(const QByteArrayList &flags = {})
    {
        QStringList arguments { QStringLiteral("--port=0"),
                                QStringLiteral("--allow-private-targets=127.0.0.0/8") };
        for (const QByteArray &flag : flags)
            arguments.append(QString::fromUtf8(flag));
        store = std::make_unique<gui::SettingsStore>(
            gui::SettingsStore::Input { folder.filePath(QStringLiteral("settings.ini")),
                                        {},
                                        config::parseCommandLine(arguments) });
        isGood = bool(store->open());
        controller =
            std::make_unique<gui::ProxyController>(std::make_unique<server::ProxyServer>(), *store);
    }

    QTemporaryDir folder;
    std::unique_ptr<gui::SettingsStore> store;
    std::unique_ptr<gui::ProxyController> controller;
    bool isGood = false;
};

} // namespace sami::test
