// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QList>
#include <QString>
#include <QWidget>

class QFormLayout;
class QLabel;
class QVBoxLayout;

namespace sami::gui {

class ListEditor;
class SettingsStore;

/// One page of the settings dialog: fields with their labels, and beneath each what is wrong with
/// it or where a value comes from that cannot be changed here. Main thread.
class SettingsPage : public QWidget
{
    Q_OBJECT

public:
    /// Shows these settings.
    virtual void load(const config::Settings &settings) = 0;
    /// Puts what the page shows into `settings`. What is wrong stays as it is there.
    virtual void save(config::Settings &settings) const = 0;

    /// The first thing that is wrong, behind its field's name; empty when all is well.
    [[nodiscard]] QString problem() const;

Q_SIGNALS:
    void changed();

protected:
    SettingsPage(const SettingsStore &store, QWidget *parent);

    /// A row of the form. The tooltip explains the option; an option that environment or command
    /// line hold is locked; of several any one locks.
    void addField(const QString &label, QWidget *input, const QList<const char *> &options);
    /// The same for a list, which takes the whole width and says itself what is wrong with it.
    void addList(const QString &label, ListEditor *list, const QList<const char *> &options,
                 const QString &hint = {});
    void setListVisible(ListEditor *list, bool isVisible);
    /// The tooltip of a field that is no option of the proxy's.
    static void setHelp(QWidget *input, const QString &sentence);
    /// Words of explanation beneath the last field.
    void addHint(const QString &text);
    /// Empty: nothing is wrong any more.
    void setProblem(const QWidget *input, const QString &problem);
    [[nodiscard]] bool isLocked(const char *option) const;
    [[nodiscard]] const SettingsStore &store() const { return m_store; }
    [[nodiscard]] QFormLayout *form() const { return m_form; }

    /// Looks at every field and says what is wrong.
    virtual void validate() {}
    /// For the fields' own signals: something was changed by hand.
    void touch();

private:
    struct Field
    {
        QString label;
        const QWidget *input = nullptr;
        QLabel *note = nullptr; ///< null where the input has its own
        QString problem;
    };

    /// Tooltip, name and lock; the lock's words go into `layout`.
    void enroll(QWidget *input, const QString &label, QLabel *note, QVBoxLayout *layout,
                const QList<const char *> &options);
    [[nodiscard]] QString lockText(const QList<const char *> &options) const;

    const SettingsStore &m_store;
    QFormLayout *m_form;
    QList<Field> m_fields;
};

} // namespace sami::gui
