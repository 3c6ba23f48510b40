// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "fakeengine.h"
#include "fakeparenttest.h"
#include "gui/control/autostart.h"
#include "gui/control/proxycontroller.h"
#include "gui/widgets/settingsdialog.h"
#include "presses.h"
#include "settingsfixture.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

#include <memory>
#include <utility>

namespace sami::gui {

inline const QString hostilePassword = QStringLiteral("p@s:s/ %\"'$");
inline const QByteArray withPassword = "auth_username = admin\nauth_password = p@s:s/ %\"'$\n";

class FakeAutostart final : public Autostart
{
public:
    bool enabled = false;
    QString error;

    bool isEnabled() const override { return enabled; }
    Result<void, QString> setEnabled(bool wanted) override
    {
        if (!error.isEmpty())
            return Unexpected(error);
        enabled = wanted;
        return {};
    }
};

/// A dialog over a scripted, running engine, and everything it may touch.
class SettingsDialogRig
{
public:
    /// Over a settings file of its own.
    SettingsDialogRig() : SettingsDialogRig(std::make_unique<SettingsFixture>()) {}
    /// Over the given file, which outlives it.
    explicit SettingsDialogRig(const SettingsFixture &file) : SettingsDialogRig(file, nullptr) {}

private:
    explicit SettingsDialogRig(std::unique_ptr<SettingsFixture> own)
        : SettingsDialogRig(*own, std::move(own))
    {}
    SettingsDialogRig(const SettingsFixture &file, std::unique_ptr<SettingsFixture> &&own)
        : m_own(std::move(own)), store(file.input()), m_isOpen(store.open().has_value()),
          engine(new FakeEngine), controller(std::unique_ptr<server::Engine>(engine), store),
          dialog(controller, store,
                 { [this](QWidget *, const Question &question) {
                      questions.append(question.text);
                      return answer ? std::optional(choice) : std::nullopt;
                  },
                   &autostart,
                   { { QStringLiteral("eth0"), QHostAddress(QStringLiteral("192.0.2.7")), 24 },
                     { QStringLiteral("eth0"), QHostAddress(QStringLiteral("2001:db8::7")), 64 } },
                   [this](QWidget *, const FileWish &wish) {
                       wishes.append(wish);
                       return picked;
                   },
                   [this](QWidget *, const FileWish &wish) {
                       wishes.append(wish);
                       return savedAs;
                   },
                   [this] {
                       auto made = std::make_unique<FakeParentTest>();
                       serverTest = made.get();
                       return made;
                   } })
    {
        if (!m_isOpen)
            qFatal("the settings of the test cannot be read");
    }

    std::unique_ptr<SettingsFixture> m_own;

public:
    SettingsStore store;

private:
    bool m_isOpen;

public:
    FakeEngine *engine; ///< the controller owns it
    ProxyController controller;
    FakeAutostart autostart;
    QStringList questions;
    bool answer = true;
    int choice = 0;                       ///< of the actions
    FakeParentTest *serverTest = nullptr; ///< the servers page's
    QList<FileWish> wishes;               ///< what the file dialog was asked for
    QString picked;
    QString savedAs;
    SettingsDialog dialog;

    [[nodiscard]] QPushButton *button(QDialogButtonBox::StandardButton which) const
    {
        return dialog.buttons()->button(which);
    }
    [[nodiscard]] QWidget *input(const char *option) const
    {
        return dialog.findChild<QWidget *>(QString::fromLatin1(option));
    }
    template <typename T> [[nodiscard]] T *inputAs(const char *option) const
    {
        return dialog.findChild<T *>(QString::fromLatin1(option));
    }
};

/// Restores the defaults on all pages.
inline void restoreEveryPage(SettingsDialog &dialog)
{
    QListWidget *pages = dialog.pages();
    const int before = pages->currentRow();
    for (int row = 0; row < pages->count(); ++row) {
        pages->setCurrentRow(row);
        dialog.restoreDefaults();
    }
    pages->setCurrentRow(before);
}

/// All texts of the dialog, for the eye or for a screen reader.
inline QString everyText(const QWidget &dialog)
{
    QString all = dialog.windowTitle();
    for (const QWidget *widget : dialog.findChildren<QWidget *>()) {
        all += QLatin1Char('\n') + widget->toolTip() + QLatin1Char('\n') + widget->accessibleName()
            + QLatin1Char('\n') + widget->accessibleDescription();
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            all += QLatin1Char('\n') + label->text();
        if (const auto *edit = qobject_cast<const QLineEdit *>(widget))
            all += QLatin1Char('\n') + edit->text() + QLatin1Char('\n') + edit->displayText();
    }
    return all;
}

} // namespace sami::gui
