// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/userskeeper.h"
#include "gui/text/snippets.h"
#include "gui/widgets/clipboard.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QFormLayout;
class QLineEdit;
QT_END_NAMESPACE

namespace sami::gui {

class ElidedLabel;

/// Shows a new password, the only time that it can be seen: with the link for another copy of this
/// program, and the proxy's address for other programs, as text and as a QR code. Deletes itself
/// when it is closed. Main thread.
class PasswordDialog : public QDialog
{
    Q_OBJECT

public:
    /// `address` is where the user's programs reach the proxy; `isForOthers` says whether other
    /// devices can.
    PasswordDialog(const NewPassword &made, const ProxyAddress &address, bool isForOthers,
                   QWidget *parent);

    [[nodiscard]] QLineEdit *user() const { return m_user; }
    [[nodiscard]] QLineEdit *password() const { return m_password; }
    [[nodiscard]] ElidedLabel *link() const { return m_link; }
    [[nodiscard]] ElidedLabel *address() const { return m_address; }

protected:
    void showEvent(QShowEvent *event) override;
    bool focusNextPrevChild(bool isNext) override;

private:
    [[nodiscard]] QWidget *buildContent(const NewPassword &made, const QString &url,
                                        bool isForOthers);
    [[nodiscard]] QLineEdit *addValue(QFormLayout *form, const QString &label, const QString &value,
                                      Secrecy secrecy);
    /// For values that are too long for any window: the end is not shown, but copied.
    [[nodiscard]] ElidedLabel *addLongValue(QFormLayout *form, const QString &label,
                                            const QString &value);
    void addRow(QFormLayout *form, const QString &label, QWidget *value, const QString &copied,
                Secrecy secrecy);

    QLineEdit *m_user = nullptr;
    QLineEdit *m_password = nullptr;
    ElidedLabel *m_link = nullptr;
    ElidedLabel *m_address = nullptr;
};

} // namespace sami::gui
