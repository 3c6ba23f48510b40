// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/userskeeper.h"

#include <QByteArrayList>
#include <QDialog>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QDateEdit;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
QT_END_NAMESPACE

namespace sami::gui {

class ListEditor;

/// Asks for a user's name and limits. It stays open until whoever made it says what came of it, so
/// that nothing that was typed is lost to a file that cannot be written. Deletes itself when it is
/// closed. Main thread.
class UserDialog : public QDialog
{
    Q_OBJECT

public:
    /// A new user, who has none of the names. `warning`: what else follows from it; may be empty.
    UserDialog(const QByteArrayList &names, const QString &warning, QWidget *parent);
    /// Another one's limits; the name stays.
    UserDialog(const users::User &user, QWidget *parent);

    /// What is typed. Nothing is wrong with it when wanted() comes.
    [[nodiscard]] UserWishes wishes() const;
    /// Nothing came of it: says why, and the user may try again.
    void fail(const QString &problem);

    [[nodiscard]] QLineEdit *name() const { return m_name; }
    [[nodiscard]] ListEditor *hosts() const { return m_hosts; }
    [[nodiscard]] QCheckBox *hasEnd() const { return m_hasEnd; }
    [[nodiscard]] QDateEdit *end() const { return m_end; }
    [[nodiscard]] QSpinBox *connections() const { return m_connections; }
    [[nodiscard]] QLineEdit *note() const { return m_note; }
    [[nodiscard]] QPushButton *okButton() const { return m_ok; }
    /// Why the button is off, or what went wrong.
    [[nodiscard]] QString problem() const;

Q_SIGNALS:
    /// To be done now; accept() or fail() is the answer.
    void wanted();

protected:
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool isNext) override;

private:
    UserDialog(bool isNew, const QString &warning, QWidget *parent);
    void build(bool isNew, const QString &warning);
    void addRow(QFormLayout *form, const QString &label, QWidget *input, const QString &name);
    void validate();
    void begin();
    [[nodiscard]] QString wrong() const;

    QByteArrayList m_taken;
    QByteArray m_unchanged; ///< the name of a user that is there already
    QWidget *m_content;     ///< everything but the buttons
    QLineEdit *m_name;
    ListEditor *m_hosts;
    QCheckBox *m_hasEnd;
    QDateEdit *m_end;
    QSpinBox *m_connections;
    QLineEdit *m_note;
    QLabel *m_problem;
    QPushButton *m_ok = nullptr;
};

} // namespace sami::gui
