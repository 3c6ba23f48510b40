// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/ownaddresses.h"
#include "gui/control/userskeeper.h"
#include "gui/text/snippets.h"
#include "gui/widgets/messagebox.h"

#include <QTimer>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
class QPushButton;
class QTableView;
QT_END_NAMESPACE

namespace sami::gui {

class PasswordDialog;
class ProxyController;
class UserDialog;
class UsersModel;

/// The users of the file that the page names, with buttons to change them. Changes take effect at
/// once, not with Apply: a password that is shown only once cannot wait for a dialog that may be
/// cancelled, and a removed user must be shut out now. The commands and an editor may change the
/// file too, so the panel rereads it every two seconds while it is visible. Main thread.
///
/// More than twelve public methods: most hand out its parts to tests.
class UsersPanel : public QWidget
{
    Q_OBJECT

public:
    UsersPanel(ProxyController &controller, Ask ask, QList<OwnAddress> own,
               QWidget *parent = nullptr);
    ~UsersPanel() override;

    /// Shows that file; empty if there is none yet.
    void setFile(const QString &path);
    /// The name of the user of the settings, which no user of the file may have; empty if there is
    /// none.
    void setReserved(const QByteArray &name);
    [[nodiscard]] bool has(const QByteArray &name) const;

    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QPushButton *addButton() const { return m_add; }
    [[nodiscard]] QPushButton *changeButton() const { return m_change; }
    [[nodiscard]] QPushButton *renewButton() const { return m_renew; }
    [[nodiscard]] QPushButton *switchButton() const { return m_switch; }
    [[nodiscard]] QPushButton *removeButton() const { return m_remove; }
    /// words() says what the list means, note() what went wrong.
    [[nodiscard]] QLabel *words() const { return m_words; }
    [[nodiscard]] QLabel *note() const { return m_note; }
    /// Rereads the file.
    void look();

Q_SIGNALS:
    /// The set of names has changed.
    void changed();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildTable();
    [[nodiscard]] QHBoxLayout *buildButtons();
    void handleLooked();
    void refresh();
    [[nodiscard]] users::UserPtr chosen() const;
    [[nodiscard]] int liveOf(const QByteArray &name) const;
    [[nodiscard]] bool isInForce() const;
    [[nodiscard]] bool wouldReplace() const;

    void add();
    void changeChosen();
    void renewChosen();
    void switchChosen();
    void removeChosen();
    void handleAdded(UserDialog *dialog, const NewPassword &made, const QString &path);
    void begin();
    void end(const Result<void, QString> &outcome);
    void showPassword(const NewPassword &made);
    [[nodiscard]] LinkPlace linkPlace() const;
    [[nodiscard]] std::optional<ProxyAddress> addressFor(ClientPlace place) const;
    void follow();

    ProxyController &m_controller;
    Ask m_ask;
    QList<OwnAddress> m_own;
    QString m_path;
    QByteArray m_reserved;
    QByteArray m_seen;   ///< fingerprint of the list that is shown …
    QDate m_day;         ///< … as of that day, by UTC
    QByteArray m_choose; ///< the user to select once the list has it
    bool m_isBusy = false;
    UsersKeeper m_keeper;
    QTimer m_looks;
    UsersModel *m_model;
    QTableView *m_table;
    QPushButton *m_add;
    QPushButton *m_change;
    QPushButton *m_renew;
    QPushButton *m_switch;
    QPushButton *m_remove;
    QLabel *m_words;
    QLabel *m_note;
};

} // namespace sami::gui
