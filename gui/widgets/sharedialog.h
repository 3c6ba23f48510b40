// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "gui/control/ownaddresses.h"
#include "gui/control/sharing.h"
#include "gui/control/userskeeper.h"
#include "gui/widgets/clipboard.h"

#include <QDialog>
#include <QList>

#include <functional>
#include <memory>

class QComboBox;
class QFormLayout;
class QGroupBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace sami::gui {

class ProxyController;
class QrView;

/// Lets a phone or another computer use the proxy, in one step: says what would change, makes all
/// changes together when its button is pressed, and then shows the values that the other device
/// asks for. Main thread.
class ShareDialog : public QDialog
{
    Q_OBJECT

public:
    /// This machine's addresses, the best to give out first; tests inject their own.
    using Machine = std::function<QList<OwnAddress>()>;

    ShareDialog(ProxyController &controller, Machine machine, QWidget *parent = nullptr);
    ~ShareDialog() override;

    /// Makes the changes and starts the proxy. On an error nothing has changed and the dialog says
    /// why. Does nothing while an earlier call has no answer. Closing the dialog drops the answer:
    /// the change stays, but the dialog neither reports it nor starts the proxy, even if it is open
    /// again by then.
    void apply();

    [[nodiscard]] QComboBox *address() const { return m_address; }
    /// Disabled while there is an obstacle; hidden when there is nothing left to do.
    [[nodiscard]] QPushButton *applyButton() const { return m_apply; }
    [[nodiscard]] QLabel *changes() const { return m_changes; }
    /// The obstacle, or the error.
    [[nodiscard]] QLabel *problem() const { return m_problem; }
    [[nodiscard]] QGroupBox *result() const { return m_result; }
    [[nodiscard]] QrView *picture() const { return m_picture; }
    [[nodiscard]] QLineEdit *host() const { return m_host; }
    [[nodiscard]] QLineEdit *port() const { return m_port; }
    [[nodiscard]] QLineEdit *user() const { return m_user; }
    [[nodiscard]] QLineEdit *password() const { return m_password; }

    void done(int result) override;

protected:
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool isNext) override;

private:
    QWidget *buildContent();
    QGroupBox *buildResult(QWidget *parent);
    void buildHints(QWidget *parent);
    QLineEdit *addValue(QFormLayout *form, const QString &label, Secrecy secrecy);
    void listAddresses();
    void refresh();
    void showPlan(const Sharing &sharing);
    void showResult();
    void endApplying(const Result<void, QString> &applied);
    void startProxy();
    void announceNews();
    void setPasswordShown(bool isShown);
    void fitContent();
    [[nodiscard]] OwnAddress chosen() const;
    [[nodiscard]] Sharing plan() const;
    void lookAtUsers();
    /// Whether the names of the file's users are known by now.
    [[nodiscard]] bool knowsUsers() const;
    /// "http://user:password@host:port"
    [[nodiscard]] QString url() const;

    ProxyController &m_controller;
    Machine m_machine;
    QList<OwnAddress> m_own;
    QByteArray m_fresh;  ///< the password of a new user; another one after each closing
    UsersKeeper m_users; ///< a new user's name must not be one of the file's
    QString m_failure;   ///< of the last attempt to apply
    /// The context of the outstanding answer; null if there is none.
    std::unique_ptr<QObject> m_outstanding;
    bool m_announcesStart = false; ///< announce the next state: the start was requested here
    QScrollArea *m_area;           ///< everything but the buttons
    QLabel *m_intro = nullptr;
    QComboBox *m_address = nullptr;
    QLabel *m_changes = nullptr;
    QLabel *m_problem = nullptr;
    QLabel *m_exposure = nullptr;
    QGroupBox *m_result = nullptr;
    QrView *m_picture = nullptr;
    QLabel *m_pictureNote = nullptr;
    QLabel *m_firewall = nullptr;
    QLineEdit *m_host = nullptr;
    QLineEdit *m_port = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    QToolButton *m_showPassword = nullptr;
    QPushButton *m_apply = nullptr;
};

} // namespace sami::gui
