// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/listeditor.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstListEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatDoesNotParseCannotBeAdded_data();
    void whatDoesNotParseCannotBeAdded();
    void entriesHaveOneSpelling_data();
    void entriesHaveOneSpelling();
    void enterAddsAndDoesNotAcceptTheDialog();
    void theFirstEntryAsks();
    void anEntryIsChangedInItsRow();
    void entriesAreRemovedByButtonAndKey();
    void textThatWaitsIsAProblem();
};

namespace {

ListEditor::Parser parserNamed(const QString &kind)
{
    if (kind == u"hosts"_s)
        return ListEditor::parserOf(config::parseHosts);
    if (kind == u"ports"_s)
        return ListEditor::parserOf(config::parsePorts);
    return ListEditor::parserOf(config::parseRanges);
}

} // namespace

void TstListEditor::whatDoesNotParseCannotBeAdded_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a word is no address")
        << u"ranges"_s << u"office"_s << u"not an address (like 192.0.2.7"_s;
    QTest::newRow("bits behind the prefix")
        << u"ranges"_s << u"192.0.2.7/24"_s << u"write 192.0.2.0/24 for the network"_s;
    QTest::newRow("a prefix too long")
        << u"ranges"_s << u"192.0.2.0/33"_s << u"the prefix length must be 0 to 32"_s;
    QTest::newRow("a URL is no host")
        << u"hosts"_s << u"https://api.example.com"_s << u"without a scheme"_s;
    QTest::newRow("a star is no host") << u"hosts"_s << u"*"_s << u"leave the list empty"_s;
    QTest::newRow("a port too high") << u"ports"_s << u"65536"_s << u"a port from 1 to 65535"_s;
    QTest::newRow("a reversed range") << u"ports"_s << u"443-80"_s << u"write 80-443"_s;
    QTest::newRow("of two entries the bad ones are named")
        << u"ports"_s << u"443 x 0"_s << u"x: write a port"_s;
}

void TstListEditor::whatDoesNotParseCannotBeAdded()
{
    QFETCH(QString, kind);
    QFETCH(QString, text);
    QFETCH(QString, reason);
    ListEditor editor(u"List"_s, parserNamed(kind));
    QTest::keyClicks(editor.field(), text);
    QVERIFY(!editor.addButton()->isEnabled());
    QVERIFY(!editor.note()->isHidden());
    QVERIFY2(editor.note()->text().contains(reason), qPrintable(editor.note()->text()));
    QTest::keyClick(editor.field(), Qt::Key_Return);
    QVERIFY(editor.entries().isEmpty());
    QCOMPARE(editor.field()->text(), text);
    editor.field()->clear();
    QVERIFY(editor.note()->isHidden());
}

void TstListEditor::entriesHaveOneSpelling_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("entries");
    QTest::newRow("blanks around")
        << u"ranges"_s << u"  192.0.2.7 "_s << QStringList(u"192.0.2.7"_s);
    QTest::newRow("a single address has no prefix")
        << u"ranges"_s << u"192.0.2.7/32"_s << QStringList(u"192.0.2.7"_s);
    QTest::newRow("the short form of IPv6")
        << u"ranges"_s << u"2001:DB8:0::/32"_s << QStringList(u"2001:db8::/32"_s);
    QTest::newRow("several at once, by commas or blanks")
        << u"ports"_s << u"443, 80 1024-65535"_s
        << QStringList({ u"443"_s, u"80"_s, u"1024-65535"_s });
    QTest::newRow("the same twice is once")
        << u"hosts"_s << u"A.example.com,a.example.com."_s << QStringList(u"a.example.com"_s);
}

void TstListEditor::entriesHaveOneSpelling()
{
    QFETCH(QString, kind);
    QFETCH(QString, text);
    QFETCH(QStringList, entries);
    ListEditor editor(u"List"_s, parserNamed(kind));
    QSignalSpy changed(&editor, &ListEditor::changed);
    editor.field()->setText(text);
    QVERIFY(editor.addButton()->isEnabled());
    editor.addButton()->click();
    QCOMPARE(editor.entries(), entries);
    QVERIFY(editor.field()->text().isEmpty());
    QVERIFY(!changed.isEmpty());
}

void TstListEditor::enterAddsAndDoesNotAcceptTheDialog()
{
    QDialog dialog;
    auto *layout = new QVBoxLayout(&dialog);
    auto *editor = new ListEditor(u"List"_s, parserNamed(u"ranges"_s));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok);
    layout->addWidget(editor);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    editor->field()->setFocus();
    QTest::keyClicks(editor->field(), u"192.0.2.7"_s);
    QTest::keyClick(editor->field(), Qt::Key_Return);
    QCOMPARE(editor->entries(), QStringList(u"192.0.2.7"_s));
    QVERIFY(dialog.isVisible());
}

void TstListEditor::theFirstEntryAsks()
{
    ListEditor editor(u"List"_s, parserNamed(u"ranges"_s));
    QList<QStringList> questions;
    bool answer = false;
    editor.setFirstEntryQuestion([&](const QStringList &entries) {
        questions.append(entries);
        return answer;
    });
    editor.setEntries({});
    editor.field()->setText(u"192.0.2.7, 192.0.2.8"_s);
    editor.addButton()->click();
    QVERIFY(editor.entries().isEmpty());
    QCOMPARE(questions, { QStringList({ u"192.0.2.7"_s, u"192.0.2.8"_s }) });
    QCOMPARE(editor.field()->text(), u"192.0.2.7, 192.0.2.8"_s);

    answer = true;
    editor.addButton()->click();
    QCOMPARE(editor.entries().size(), 2);
    QVERIFY(editor.add(u"192.0.2.9"_s));
    QCOMPARE(questions.size(), 2);
    editor.setEntries({ u"192.0.2.1"_s });
    QCOMPARE(questions.size(), 2);
}

void TstListEditor::anEntryIsChangedInItsRow()
{
    ListEditor editor(u"List"_s, parserNamed(u"ranges"_s));
    editor.setEntries({ u"192.0.2.7"_s, u"192.0.2.8"_s });
    QListWidgetItem *item = editor.list()->item(0);
    QVERIFY(item->flags().testFlag(Qt::ItemIsEditable));
    item->setText(u"198.51.100.0/24 "_s);
    QCOMPARE(editor.entries(), QStringList({ u"198.51.100.0/24"_s, u"192.0.2.8"_s }));
    item->setText(u"198.51.100.1/24"_s);
    QCOMPARE(editor.entries(), QStringList({ u"198.51.100.0/24"_s, u"192.0.2.8"_s }));
    QCOMPARE(item->text(), u"198.51.100.0/24"_s);
    QVERIFY(editor.note()->text().contains(u"bits set"_s));
}

void TstListEditor::entriesAreRemovedByButtonAndKey()
{
    ListEditor editor(u"List"_s, parserNamed(u"ports"_s));
    editor.setEntries({ u"1"_s, u"2"_s, u"3"_s });
    editor.show();
    QVERIFY(QTest::qWaitForWindowActive(&editor));
    QVERIFY(!editor.removeButton()->isEnabled());
    editor.list()->item(1)->setSelected(true);
    QVERIFY(editor.removeButton()->isEnabled());
    editor.removeButton()->click();
    QCOMPARE(editor.entries(), QStringList({ u"1"_s, u"3"_s }));
    editor.list()->clearSelection();
    editor.list()->item(0)->setSelected(true);
    editor.list()->setFocus();
    QTest::keyClick(editor.list(), Qt::Key_Delete);
    QCOMPARE(editor.entries(), QStringList(u"3"_s));
}

void TstListEditor::textThatWaitsIsAProblem()
{
    ListEditor editor(u"List"_s, parserNamed(u"ports"_s));
    QVERIFY(editor.problem().isEmpty());
    editor.field()->setText(u"44"_s);
    QVERIFY2(editor.problem().contains(u"Add"_s), qPrintable(editor.problem()));
    editor.field()->setText(u"99999"_s);
    QVERIFY(editor.problem().contains(u"65535"_s));
    editor.field()->setText(u" "_s);
    QVERIFY(editor.problem().isEmpty());
}

QTEST_MAIN(TstListEditor)
#include "tst_listeditor.moc"
