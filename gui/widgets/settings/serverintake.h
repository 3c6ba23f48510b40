// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/parents.h"
#include "config/parenturl.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/settings/servertestview.h"

#include <QStringList>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QMimeData;

namespace sami::gui {

class SettingsStore;

/// How a server comes into the list: its link is typed, pasted, dropped or brought from outside,
/// looked at, agreed to and tested. One after the other: a link that comes amid a question, or
/// while nothing can be edited, waits. Main thread; borrows the store.
class ServerIntake : public QWidget
{
    Q_OBJECT

public:
    /// Whether a server of that name is in the list.
    using IsListed = std::function<bool(const QByteArray &name)>;

    ServerIntake(const SettingsStore &store, Ask ask, const MakeParentTest &makeTest,
                 IsListed isListed, QWidget *parent = nullptr);

    /// Shows what a link says; taken() follows when the user agrees, or once it has passed a test.
    /// False when the user does not, when it is none, or when it waits.
    bool offer(const QString &text);
    /// The first line of what somebody dropped or copied: a browser's link, selected text, or what
    /// is in a file. The error is the file's.
    [[nodiscard]] static Result<QString, QString> linkIn(const QMimeData &data);
    void offerFound(const Result<QString, QString> &link);
    /// Tests a server of the list.
    void test(const config::Parent &server);
    /// Clears what was typed: it may hold a password.
    void clear();
    /// The same, and no test goes on and no link waits.
    void dismiss();

    [[nodiscard]] bool isLocked() const; ///< the list is set elsewhere
    [[nodiscard]] QLineEdit *field() const { return m_field; }
    [[nodiscard]] QLabel *note() const { return m_note; }
    [[nodiscard]] ServerTestView *view() const { return m_test; }

Q_SIGNALS:
    void taken(const sami::config::Parent &server);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void paste();
    void offerNext();
    [[nodiscard]] bool mustWait() const;
    [[nodiscard]] bool agree(const config::Parent &server);
    [[nodiscard]] QString problemOf(const Result<config::ParentEntry, QString> &parsed) const;
    void begin(const config::Parent &server, ServerTestView::For purpose);
    void take(const config::Parent &server);

    const SettingsStore &m_store;
    Ask m_ask;
    IsListed m_isListed;
    QLineEdit *m_field;
    QLabel *m_note; ///< why a text is no server
    ServerTestView *m_test;
    QStringList m_waiting;   ///< links
    bool m_isAsking = false; ///< a question is on the screen
};

} // namespace sami::gui
