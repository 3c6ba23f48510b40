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

/// One page of the settings dialog: labelled fields, and beneath each one what is wrong with it, or
/// where a value comes from that cannot be changed here. Main thread.
class SettingsPage : public QWidget
{
    Q_OBJECT

public:
    /// Shows these settings.
    virtual void load(const config::Settings &settings) = 0;
    /// Stores the page's values in `settings`; an invalid field leaves its value there unchanged.
    virtual void save(config::Settings &settings) const = 0;
    /// Shows the defaults. A page with more than settings decides what becomes of the rest.
    virtual void showDefaults(const config::Settings &defaults) { load(defaults); }

    /// The first problem, after its field's name; empty if there is none.
    [[nodiscard]] QString problem() const;

Q_SIGNALS:
    void changed();

protected:
    SettingsPage(const SettingsStore &store, QWidget *parent);

    /// Adds a row to the form. The tooltip explains the option. If the environment or the command
    /// line fixes any of the options, the field is locked.
    void addField(const QString &label, QWidget *input, const QList<const char *> &options);
    /// The same for a list, which takes the full width and shows its own problems.
    void addList(const QString &label, ListEditor *list, const QList<const char *> &options,
                 const QString &hint = {});
    void setListVisible(ListEditor *list, bool isVisible);
    /// Sets the tooltip of a field that is not an option of the proxy.
    static void setHelp(QWidget *input, const QString &sentence);
    /// Adds an explanation beneath the last field.
    void addHint(const QString &text);
    /// An empty problem clears it.
    void setProblem(const QWidget *input, const QString &problem);
    [[nodiscard]] bool isLocked(const char *option) const;
    [[nodiscard]] const SettingsStore &store() const { return m_store; }
    [[nodiscard]] QFormLayout *form() const { return m_form; }

    /// Checks every field and calls setProblem().
    virtual void validate() {}
    /// For the fields' own signals: the user has changed something.
    void touch();

private:
    struct Field
    {
        QString label;
        const QWidget *input = nullptr;
        QLabel *note = nullptr; ///< null if the input shows its own
        QString problem;
    };

    /// Sets tooltip, name and lock; adds the lock's text to `layout`.
    void registerField(QWidget *input, const QString &label, QLabel *note, QVBoxLayout *layout,
                       const QList<const char *> &options);
    [[nodiscard]] QString lockText(const QList<const char *> &options) const;

    const SettingsStore &m_store;
    QFormLayout *m_form;
    QList<Field> m_fields;
};

} // namespace sami::gui
