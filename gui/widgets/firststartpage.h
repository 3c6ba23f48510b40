// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/reachabilitytest.h"
#include "gui/text/snippets.h"
#include "gui/widgets/clipboard.h"

#include <QDialog>
#include <QHostAddress>
#include <QList>

#include <array>
#include <functional>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace sami::gui {

class ProxyController;

/// What a user needs once: what the program does, the values to enter in a client, and a test of
/// the way to a provider, run on request. Main thread.
class FirstStartPage : public QDialog
{
    Q_OBJECT

public:
    /// This machine's addresses, queried each time; tests inject their own.
    using MachineAddresses = std::function<QList<QHostAddress>()>;

    /// `copySettings` is the menu of ready texts; its owner keeps it.
    FirstStartPage(ProxyController &controller, QMenu *copySettings, MachineAddresses machine,
                   QWidget *parent = nullptr);
    ~FirstStartPage() override;

    /// Whether the user wants to see this at the next start as well.
    [[nodiscard]] bool showsAtStart() const;

Q_SIGNALS:
    /// The client program is on a phone or another computer.
    void shareRequested();
    void settingsWanted();

protected:
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool isNext) override;

private:
    [[nodiscard]] QWidget *makeValues(QMenu *copySettings, QWidget *parent);
    void buildValues(QFormLayout *form);
    QLineEdit *addValue(QFormLayout *form, const QString &label, Secrecy secrecy);
    void buildTest(QWidget *box);
    void refresh();
    void setPasswordShown(bool isShown);
    void runOrCancel();
    void showStages();
    /// As high as its content, as far as the screen allows.
    void showWhole();
    void showOutcome(const TestOutcome &outcome);
    [[nodiscard]] ClientPlace place() const;
    [[nodiscard]] QUrl target() const;

    ProxyController &m_controller;
    MachineAddresses m_machine;
    ReachabilityTest m_test;
    QComboBox *m_place = nullptr;
    QLineEdit *m_host = nullptr;
    QLineEdit *m_port = nullptr;
    QLineEdit *m_type = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QToolButton *m_showPassword = nullptr;
    QComboBox *m_target = nullptr;
    QLineEdit *m_ownUrl = nullptr;
    QPushButton *m_run = nullptr;
    std::array<QLabel *, testStageCount> m_stages {};
    QScrollArea *m_area = nullptr; ///< everything but the buttons
    QLabel *m_outcome = nullptr;
    QCheckBox *m_showAtStart = nullptr;
};

} // namespace sami::gui
