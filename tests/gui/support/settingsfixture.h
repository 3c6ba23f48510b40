// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/settingsstore.h"

#include <QFile>
#include <QTemporaryDir>

#include <utility>

namespace sami::gui {

/// A settings file in a temporary folder, and the environment and command line that override it.
struct SettingsFixture
{
    QTemporaryDir folder;
    QProcessEnvironment environment;
    QStringList arguments;
    QString stateFolder; ///< the program's own; empty: none

    [[nodiscard]] QString path() const
    {
        return folder.filePath(QStringLiteral("sami-llm-proxy-tray.ini"));
    }
    void write(const QByteArray &text) const
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
    }
    [[nodiscard]] QByteArray read() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] SettingsStore::Input input() const
    {
        return { path(), environment, config::parseCommandLine(arguments), stateFolder };
    }
};

/// Applies settings to the store, as the controller does around its engine.
[[nodiscard]] inline Result<void, QString> save(SettingsStore &store,
                                                const config::Settings &wanted)
{
    auto plan = store.plan(wanted);
    return plan ? store.commit(std::move(plan).value()) : Unexpected(plan.error());
}

} // namespace sami::gui
