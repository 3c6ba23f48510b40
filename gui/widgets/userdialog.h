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

/// Asks for a user's name and limits. Stays open until its owner reports the result, so that a file
/// that cannot be written does not cost the user what was typed. Deletes itself when it is closed.
/// Main thread.
class UserDialog : public QDialog
{
    Q_OBJECT

public:
    /// For a new user, whose name must not be one of `names`. `warning` is a consequence to
    /// mention; may be empty.
    UserDialog(const QByteArrayList &names, const QString &warning, QWidget *parent);
    /// For the limits of an existing user; the name is fixed.
    UserDialog(const users::User &user, QWidget *parent);

    /// The entered values. They are valid when wanted() is emitted.
    [[nodiscard]] UserWishes wishes() const;
    /// The change has failed: says why and lets the user try again.
    void fail(const QString &problem);

    [[nodiscard]] QLineEdit *name() const { return m_name; }
    [[nodiscard]] ListEditor *hosts() const { return m_hosts; }
    [[nodiscard]] QCheckBox *hasEnd() const { return m_hasEnd; }
    [[nodiscard]] QDateEdit *end() const { return m_end; }
    [[nodiscard]] QSpinBox *connections() const { return m_connections; }
    [[nodiscard]] QLineEdit *note() const { return m_note; }
    [[nodiscard]] QPushButton *okButton() const { return m_ok; }
    /// Why the button is disabled, or what went wrong.
    [[nodiscard]] QString problem() const;

Q_SIGNALS:
    /// The user has confirmed. Answer with accept() or fail().
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
    QByteArray m_unchanged; ///< the name of an existing user
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
