// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/optionparsers.h"
#include "gui/text/coretext.h"

#include <QStringList>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace sami::gui {

/// A list whose entries can be added, changed and removed. Invalid text cannot be added; the reason
/// is shown beneath the field. Main thread.
///
/// More than twelve public methods: half of them give its parts to a form that labels them.
class ListEditor : public QWidget
{
    Q_OBJECT

public:
    /// The entries in a text, each in its canonical spelling, or why it has none.
    using Parser = std::function<Result<QStringList, QString>(const QString &text)>;
    /// Whether these entries may be the first of an empty list.
    using Question = std::function<bool(const QStringList &entries)>;

    /// `name` is for screen readers: "Allowed IPs".
    ListEditor(const QString &name, Parser parser, QWidget *parent = nullptr);

    /// Makes a parser from one of the settings' own.
    template <typename T>
    [[nodiscard]] static Parser parserOf(config::Parsed<QList<T>> (*parse)(const QString &));

    [[nodiscard]] QStringList entries() const;
    /// Replaces the entries without a question; drops what was being typed.
    void setEntries(const QStringList &entries);
    /// Adds the entries of the text; false if it is invalid, or the question was answered with no.
    bool add(const QString &text);
    void setFirstEntryQuestion(Question question) { m_mayBeFirst = std::move(question); }
    void setExample(const QString &example);
    /// Makes an empty list a problem, with this reason.
    void setNeedsEntry(const QString &reason);
    /// Limits the height to a few rows.
    void keepShort();
    /// What is wrong, as the line beneath the field says it: text that is invalid or not added yet,
    /// or a missing entry.
    [[nodiscard]] QString problem() const;
    /// Adds a button beneath the list, beside "Remove".
    void addButton(QWidget *button);

    [[nodiscard]] QLineEdit *field() const { return m_field; }
    [[nodiscard]] QPushButton *addButton() const { return m_add; }
    [[nodiscard]] QPushButton *removeButton() const { return m_remove; }
    [[nodiscard]] QListWidget *list() const { return m_list; }
    [[nodiscard]] QLabel *note() const { return m_note; }

Q_SIGNALS:
    /// The entries or the typed text have changed.
    void changed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void append(const QString &entry);
    void refresh();
    void handleEdit(QListWidgetItem *item);
    void addTyped();
    void removeSelected();
    void say(const QString &problem);

    Parser m_parse;
    Question m_mayBeFirst;
    QString m_whenEmpty;
    QLineEdit *m_field;
    QPushButton *m_add;
    QLabel *m_note;
    QListWidget *m_list;
    QPushButton *m_remove;
};

template <typename T>
ListEditor::Parser ListEditor::parserOf(config::Parsed<QList<T>> (*parse)(const QString &))
{
    return [parse](const QString &text) -> Result<QStringList, QString> {
        const auto parsed = parse(text);
        QStringList lines;
        if (parsed) {
            for (const T &entry : *parsed)
                lines.append(QString::fromUtf8(entry.toByteArray()));
            return lines;
        }
        const config::ValueProblems &problems = parsed.error();
        for (const config::ValueProblem &problem : problems) {
            const QString sentence = CoreText::localized(problem.problem);
            lines.append(problems.size() == 1 ? sentence
                                              : problem.value + QStringLiteral(": ") + sentence);
        }
        return Unexpected(lines.join(QLatin1Char('\n')));
    };
}

} // namespace sami::gui
