// SPDX-License-Identifier: BSD-3-Clause
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <optional>

namespace {

const QString sourceFolder = QStringLiteral(DECOY_SOURCE_DIR);
const QString namesFile = sourceFolder + "/tests/core/reference_names.txt";
const QString tableFile = sourceFolder + "/docs/reference-table.md";

/// A file's text; nothing if it cannot be read.
std::optional<QString> textOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Text))
        return std::nullopt;
    return QString::fromUtf8(file.readAll());
}

QString withoutComments(QString source)
{
    static const QRegularExpression comment(R"(//[^\n]*|/\*.*?\*/)", QRegularExpression::DotMatchesEverythingOption);
    return source.remove(comment);
}

bool hasWord(const QString &text, const QString &word)
{
    return text.contains(QRegularExpression("\\b" + QRegularExpression::escape(word) + "\\b"));
}

/// What stands between backticks.
QStringList codeIn(const QString &cell)
{
    static const QRegularExpression code("`([^`]+)`");
    QStringList found;
    for (auto match = code.globalMatch(cell); match.hasNext();)
        found << match.next().captured(1);
    return found;
}

/// One line of the table.
struct Row {
    QString reference;
    QStringList ours;
    QStringList headers;
    QStringList tests;
};

Row rowOf(const QString &line)
{
    QStringList cells = line.split('|');
    cells.resize(6); // before the first bar, four cells, and behind the last bar
    return {cells[1].remove('`').trimmed(), codeIn(cells[2]), codeIn(cells[3]), codeIn(cells[4])};
}

QList<Row> rowsOf(const QString &markdown)
{
    QList<Row> rows;
    for (const QString &line : markdown.split('\n')) {
        if (line.startsWith('|') && !line.startsWith("|---") && !line.startsWith("| Reference "))
            rows << rowOf(line);
    }
    return rows;
}

QStringList namesOf(const QString &text)
{
    QStringList names = text.split('\n', Qt::SkipEmptyParts);
    names.removeIf([](const QString &name) { return name.startsWith('#') || name.trimmed().isEmpty(); });
    return names;
}

QStringList referencesOf(const QList<Row> &rows)
{
    QStringList references;
    for (const Row &row : rows)
        references << row.reference;
    return references;
}

/// The members of `names` that `others` does not have.
QStringList missingFrom(const QStringList &others, QStringList names)
{
    names.removeIf([&others](const QString &name) { return others.contains(name); });
    return names;
}

QStringList duplicatesIn(QStringList names)
{
    QStringList duplicates;
    names.sort();
    for (auto place = std::ranges::adjacent_find(names); place != names.end();
         place = std::adjacent_find(place + 1, names.end()))
        duplicates << *place;
    return duplicates;
}

/// The source of one Qt Test class.
class TestSource {
public:
    /// Looks for `name`.cpp in all folders of tests.
    explicit TestSource(QString name) : m_name(std::move(name))
    {
        QDirIterator files(sourceFolder + "/tests", {m_name + ".cpp"}, QDir::Files, QDirIterator::Subdirectories);
        if (!files.hasNext())
            return;
        m_path = files.next();
        m_text = withoutComments(textOf(m_path).value_or(QString()));
        static const QRegularExpression definition("^class (Test\\w+) : public QObject",
                                                   QRegularExpression::MultilineOption);
        m_class = definition.match(m_text).captured(1);
    }

    [[nodiscard]] bool exists() const { return !m_class.isEmpty(); }

    /// Whether the CMakeLists.txt beside it names it.
    [[nodiscard]] bool isBuilt() const
    {
        static const QRegularExpression comment("#[^\n]*");
        QString build = textOf(QFileInfo(m_path).path() + "/CMakeLists.txt").value_or(QString());
        return hasWord(build.remove(comment), m_name);
    }

    /// The tests among its private slots.
    [[nodiscard]] QStringList slotNames() const
    {
        static const QRegularExpression section(R"(^(private slots:)|^(?:private|protected|public|signals)\b[^\n]*:$)",
                                                QRegularExpression::MultilineOption);
        static const QRegularExpression slot(R"(^    void (\w+)\(\))", QRegularExpression::MultilineOption);
        const QString body = classBody();
        QStringList names;
        for (auto sections = section.globalMatch(body); sections.hasNext();) {
            const QRegularExpressionMatch begin = sections.next();
            const qsizetype end = sections.hasNext() ? sections.peekNext().capturedStart() : body.size();
            const QString inside = body.mid(begin.capturedEnd(), end - begin.capturedEnd());
            for (auto found = slot.globalMatch(inside); begin.hasCaptured(1) && found.hasNext();)
                names << found.next().captured(1);
        }
        names.removeIf([](const QString &name) { return isNoTest(name); });
        return names;
    }

    /// What a slot does: its definition up to the brace that stands below its beginning.
    [[nodiscard]] QString bodyOf(const QString &slot) const
    {
        const QRegularExpression definition(
            "^( *)void (?:" + m_class + "::)?" + slot + R"(\(\)(?: \{[^\n]*\}$|\n?.*?^\1\}))",
            QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption);
        // A declaration is no definition.
        const QRegularExpression declaration("^ *void " + slot + R"(\(\);\n)", QRegularExpression::MultilineOption);
        return definition.match(QString(m_text).remove(declaration)).captured();
    }

private:
    [[nodiscard]] static bool isNoTest(const QString &name)
    {
        static const QStringList frame{"init", "cleanup", "initTestCase", "cleanupTestCase"};
        return name.endsWith("_data") || frame.contains(name);
    }

    [[nodiscard]] QString classBody() const
    {
        const QRegularExpression definition("^class " + m_class + R"( .*?^\};)",
                                            QRegularExpression::MultilineOption
                                                | QRegularExpression::DotMatchesEverythingOption);
        return definition.match(m_text).captured();
    }

    QString m_name;
    QString m_path;
    QString m_text;
    QString m_class;
};

/// Why a test with this body shows nothing.
QString defectOfBody(const QString &body)
{
    static const QRegularExpression check(R"(\b(QVERIFY\w*|QCOMPARE\w*|QTRY_\w+|EVENTUALLY\w*|COMPARE_\w+)\()");
    static const QRegularExpression excuse(R"(\b(QSKIP|QEXPECT_FAIL)\()");
    if (!body.contains(check))
        return "checks nothing";
    return body.contains(excuse) ? "may be passed over" : "";
}

/// What is wrong with `test_file::slotName`.
QStringList defectsOfTest(const QString &test)
{
    static const QRegularExpression form(R"(^(test_\w+)::(\w+)$)");
    const QRegularExpressionMatch match = form.match(test);
    if (!match.hasMatch())
        return {"'" + test + "' is not written as test_file::slotName"};
    const TestSource source(match.captured(1));
    if (!source.exists())
        return {"there is no test " + match.captured(1)};
    if (!source.isBuilt())
        return {match.captured(1) + " is not built"};
    const QString slot = match.captured(2);
    if (!source.slotNames().contains(slot))
        return {match.captured(1) + " has no private slot " + slot};
    const QString defect = defectOfBody(source.bodyOf(slot));
    return defect.isEmpty() ? QStringList() : QStringList(test + " " + defect);
}

/// Whether one of the public headers has all parts of a name such as `Proxy::readFrame(memory, timeout)`.
bool isDeclared(const QString &name, const QStringList &headers)
{
    static const QRegularExpression word(R"(\w+)");
    const QString qualified = name.section('(', 0, 0);
    return std::ranges::any_of(headers, [&](const QString &header) {
        const QString text = withoutComments(
            textOf(sourceFolder + "/core/include/decoy/" + header).value_or(QString()));
        bool hasAll = qualified.contains(word);
        for (auto words = word.globalMatch(qualified); words.hasNext();)
            hasAll = hasWord(text, words.next().captured()) && hasAll;
        return hasAll;
    });
}

QStringList defectsOf(const Row &row)
{
    QStringList defects;
    if (row.ours.isEmpty())
        defects << "no name of ours";
    for (const QString &name : row.ours) {
        if (!isDeclared(name, row.headers))
            defects << "'" + name + "' is not in " + row.headers.join(" or ");
    }
    if (row.tests.isEmpty())
        defects << "no test";
    for (const QString &test : row.tests)
        defects << defectsOfTest(test);
    return defects;
}

} // namespace

/// docs/reference-table.md: every documented name of the reference, our name, and the test that shows it.
class TestReferenceTable : public QObject {
    Q_OBJECT

    QStringList m_names;
    QList<Row> m_rows;

private slots:
    void initTestCase()
    {
        m_names = namesOf(textOf(namesFile).value_or(QString()));
        m_rows = rowsOf(textOf(tableFile).value_or(QString()));
        QVERIFY2(!m_names.isEmpty(), qPrintable("cannot read " + namesFile));
        QVERIFY2(!m_rows.isEmpty(), qPrintable("cannot read " + tableFile));
    }

    void everyDocumentedNameHasOneRowAndATestThatShowsIt_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : std::as_const(m_names))
            QTest::newRow(qPrintable(name)) << name;
    }
    void everyDocumentedNameHasOneRowAndATestThatShowsIt()
    {
        QFETCH(QString, name);
        QCOMPARE(referencesOf(m_rows).count(name), 1);
        const auto row = std::ranges::find(m_rows, name, &Row::reference);
        QCOMPARE(defectsOf(*row).join("; "), QString());
    }

    void theTableHasNoRowOfAnotherName()
    {
        QCOMPARE(missingFrom(m_names, referencesOf(m_rows)), QStringList());
        QCOMPARE(duplicatesIn(m_names), QStringList());
    }

    /// The page's own words for what it lists: a name that was forgotten in reference_names.txt is none that it has.
    void theNamesAreThoseOfTheReferencesClasses_data()
    {
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<int>("count");
        QTest::newRow("Frame: constructor, slots, text, parse") << "Frame" << 7;
        QTest::newRow("Proxy: constructor, six constants, four methods") << "Proxy" << 12;
        QTest::newRow("ProxyOpCode: five codes") << "ProxyOpCode" << 6;
        QTest::newRow("ProxyServer: constructor, constant, seven members") << "ProxyServer" << 12;
    }
    void theNamesAreThoseOfTheReferencesClasses()
    {
        QFETCH(QString, prefix);
        QFETCH(int, count);
        const auto belongs = [&prefix](const QString &name) {
            return name == prefix || name.startsWith(prefix + '.') || name.startsWith(prefix + '(');
        };
        QCOMPARE(std::ranges::count_if(m_names, belongs), count);
    }

    void aWrongRowIsSeen_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("defects");
        const auto row = [](const char *what, const char *ours, const char *header, const char *tests,
                            const char *defects) {
            QTest::newRow(what) << QString("| `Frame.parse` | %1 | %2 | %3 |").arg(ours, header, tests)
                                << QString(defects);
        };
        const char *ours = "`Frame::parse(data)`";
        const char *header = "`frame.h`";
        const char *test = "`test_results::frameParseNamesAllKnownOpcodes`";
        row("nothing is wrong", ours, header, test, "");
        row("a slot defined in one line", ours, header, "`test_wire::noBytesAreEmptyData`", "");
        row("a slot defined outside of its class", ours, header, "`test_server::attributesAreReadAndSet`", "");
        row("no name", "", header, test, "no name of ours");
        row("a name that no header has", "`Frame::parze`", header, test, "'Frame::parze' is not in frame.h");
        row("a name of another header", ours, "`limits.h`", test, "'Frame::parse(data)' is not in limits.h");
        row("a name in a comment only", "`Frame::shape`", header, test, "'Frame::shape' is not in frame.h");
        row("a header that is none", ours, "`fame.h`", test, "'Frame::parse(data)' is not in fame.h");
        row("no header", ours, "", test, "'Frame::parse(data)' is not in ");
        row("no test", ours, header, "", "no test");
        row("a test in words", ours, header, "`by eye`", "'by eye' is not written as test_file::slotName");
        row("a file that is not there", ours, header, "`test_result::frameParseNamesAllKnownOpcodes`",
            "there is no test test_result");
        row("a slot that is not there", ours, header, "`test_results::frameParse`",
            "test_results has no private slot frameParse");
        row("a function that is no slot", ours, header, "`test_results::finished`",
            "test_results has no private slot finished");
        row("a slot of another class", ours, header, "`test_qobject_target::privateSlot`",
            "test_qobject_target has no private slot privateSlot");
        row("no test but its data", ours, header, "`test_results::whatIsNoResultSaysWhereAndWhy_data`",
            "test_results has no private slot whatIsNoResultSaysWhereAndWhy_data");
        row("one bad test among good ones", ours, header, "`test_wire::noBytesAreEmptyData`, `test_wire::no`",
            "test_wire has no private slot no");
    }
    void aWrongRowIsSeen()
    {
        QFETCH(QString, line);
        QFETCH(QString, defects);
        QCOMPARE(defectsOf(rowOf(line)).join("; "), defects);
    }

    void aTestThatShowsNothingIsSeen()
    {
        QCOMPARE(defectOfBody("void a() { QCOMPARE(1, 1); }"), QString());
        QCOMPARE(defectOfBody("void a() { use(1); }"), QString("checks nothing"));
        QCOMPARE(defectOfBody("void a() { QSKIP(later); QVERIFY(true); }"), QString("may be passed over"));
        QVERIFY(TestSource("test_wire").bodyOf("noBytesAreEmptyData").endsWith("EmptyData); }"));
        QVERIFY(TestSource("test_results").bodyOf("frameParseNamesAllKnownOpcodes").contains("opcode 9"));
        const QString body = TestSource("test_server").bodyOf("aServerListsWhatItPublished");
        QVERIFY(body.startsWith("void TestServer::aServerLists") && body.contains("\"lba\""));
        QVERIFY(!body.contains("aMethodIsAResult"));
    }

    void aForgottenNameIsSeen()
    {
        QCOMPARE(missingFrom({"Frame"}, {"Frame", "Proxy"}), QStringList{"Proxy"});
        QCOMPARE(duplicatesIn({"b", "a", "b", "c"}), QStringList{"b"});
        QCOMPARE(namesOf("# a comment\n\nFrame\nProxy\n"), (QStringList{"Frame", "Proxy"}));
        QCOMPARE(referencesOf(rowsOf("text\n| Reference | Decoy |\n|---|---|\n| `Frame` | `Frame` |\n")),
                 QStringList{"Frame"});
    }
};

QTEST_APPLESS_MAIN(TestReferenceTable)
#include "test_reference_table.moc"
