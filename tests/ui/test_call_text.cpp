// SPDX-License-Identifier: GPL-3.0-or-later
// Calls as text: what is copied has to work where it is pasted, so a shell, a compiler and Python are given it.
#include "awkward_values.h"
#include "frame_bytes.h"

#include "session/call_text.h"
#include "session/frame_request.h"

#include <demo/demo_objects.h>

#include <decoy/connection.h>
#include <decoy/json.h>
#include <decoy/proxy_server.h>

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace decoy;
using namespace decoy::ui;
using namespace Qt::Literals::StringLiterals;

namespace {

struct Ran {
    int status = -1;
    QByteArray output;
    QByteArray errors;
};

/// With the `decoy` command of this tree in the PATH.
Ran run(const QString &program, const QStringList &arguments)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString folder = QFileInfo(QStringLiteral(DECOY_COMMAND)).absolutePath();
    environment.insert(u"PATH"_s, folder + u':' + environment.value(u"PATH"_s));
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished(-1);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 255,
            process.readAllStandardOutput().trimmed(), process.readAllStandardError()};
}

} // namespace

class TestCallText : public QObject {
    Q_OBJECT

private:
    CallRequest echo(const Value &value) const
    {
        CallRequest request = to("lab", "echo");
        request.positional = {value};
        return request;
    }
    CallRequest to(const std::string &object, const std::string &member) const
    {
        CallRequest request;
        request.object.server = QString::fromStdString(m_server->name());
        request.name = object;
        request.member = member;
        return request;
    }
    /// Calls that between them use every shape of the text.
    std::vector<CallRequest> allShapes() const
    {
        std::vector<CallRequest> calls;
        for (const Value &value : awkwardValues())
            calls.push_back(echo(value));
        CallRequest named = to("account", "deposit");
        named.positional = {Value(1)};
        named.keywords = {{"memo", Value(std::string("it's a \"gift\""))}};
        calls.push_back(named);
        CallRequest set = to("account", "owner");
        set.kind = CallKind::Set;
        set.positional = {Value(std::string("Ada 'Countess' Lovelace"))};
        calls.push_back(set);
        CallRequest get = to("account", "owner");
        get.kind = CallKind::Get;
        calls.push_back(get);
        return calls;
    }
    /// What the server answers to the same call, made by the library.
    QByteArray expected(const CallRequest &call) const
    {
        const Proxy object = decoy::connect(m_server->name())[call.name];
        Value result;
        if (call.kind == CallKind::Get)
            result = object.get(call.member);
        else if (call.kind == CallKind::Set)
            object.set(call.member, call.positional.at(0));
        else if (call.member == "echo")
            result = object.callWith(call.member, call.positional);
        else
            return {}; // a deposit gives another balance each time
        return QByteArray::fromStdString(toJson(result));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<ProxyServer>("call-text-" + std::to_string(::getpid()));
        m_objects.publish(*m_server);
        m_server->run();
        QVERIFY(m_folder.isValid());
    }
    void cleanupTestCase()
    {
        m_objects.close();
        m_server->stop();
    }

    void theCommandLineWorksInAShell()
    {
        for (const CallRequest &call : allShapes()) {
            const CallText text = callText(call, CallLanguage::CommandLine);
            QVERIFY2(text.isValid(), qPrintable(text.problem));
            const Ran ran = run(u"/bin/sh"_s, {u"-c"_s, text.text});
            QVERIFY2(ran.status == 0, (text.text.toUtf8() + '\n' + ran.errors).constData());
            if (const QByteArray json = expected(call); !json.isEmpty())
                QCOMPARE(ran.output, json);
        }
    }

    void theCommandLineIsShortWhereNothingNeedsQuotes()
    {
        CallRequest call = to("counter", "add");
        call.object.server = u"demo"_s;
        call.positional = {Value(5)};
        QCOMPARE(callText(call, CallLanguage::CommandLine).text, u"decoy call demo counter add 5"_s);
        call.positional = {Value(-5)};
        QCOMPARE(callText(call, CallLanguage::CommandLine).text, u"decoy call demo counter add -5"_s);
        call.keywords = {{"memo", Value(std::string("gift"))}};
        call.timeout = std::chrono::milliseconds(200);
        QCOMPARE(callText(call, CallLanguage::CommandLine).text,
                 u"decoy call demo counter add -5 --timeout 0.2 --kw 'memo=\"gift\"'"_s);
    }

    void aNameThatLooksLikeAnOptionIsNone()
    {
        CallRequest call = to("-v", "--help");
        call.keywords = {{"-x", Value(1)}};
        const QString line = callText(call, CallLanguage::CommandLine).text;
        QVERIFY2(line.contains(u"--kw=-x=1 -- "_s), qPrintable(line));
        const Ran ran = run(u"/bin/sh"_s, {u"-c"_s, line});
        QVERIFY2(ran.errors.contains("ProxyObjectNotFound"), ran.errors.constData());
    }

    void thePythonProgramWorks()
    {
        int number = 0;
        for (const CallRequest &call : allShapes()) {
            const CallText text = callText(call, CallLanguage::Python);
            QVERIFY2(text.isValid(), qPrintable(text.problem));
            // It prints what Python makes of the result; the test wants it as JSON again.
            QString program = text.text;
            program.replace(u"print(result)"_s, u"print(call.stdout)"_s);
            const QString path = m_folder.filePath(u"call%1.py"_s.arg(++number));
            write(path, program.toUtf8());
            const Ran ran = run(u"/usr/bin/python3"_s, {path});
            QVERIFY2(ran.status == 0, (program.toUtf8() + '\n' + ran.errors).constData());
            if (const QByteArray json = expected(call); !json.isEmpty())
                QCOMPARE(ran.output, json);
        }
        CallRequest failing = to("lab", "fail");
        failing.positional = {Value(std::string("on purpose"))};
        const Ran ran = run(u"/usr/bin/python3"_s, {u"-c"_s, callText(failing, CallLanguage::Python).text});
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.errors.contains("on purpose"), ran.errors.constData());
    }

    void theCppProgramCompilesAndWorks()
    {
        // Compiled once, because that takes long: each program becomes a function of one file.
        const std::vector<CallRequest> calls = allShapes();
        QByteArray source;
        QByteArray main = "int main()\n{\n    int failed = 0;\n";
        for (std::size_t index = 0; index < calls.size(); ++index) {
            const CallText text = callText(calls[index], CallLanguage::Cpp);
            QVERIFY2(text.isValid(), qPrintable(text.problem));
            const QByteArray name = "call" + QByteArray::number(qsizetype(index));
            source += "#define main " + name + "\n" + text.text.toUtf8() + "#undef main\n";
            main += "    failed += " + name + "();\n";
        }
        const QString path = m_folder.filePath(u"calls.cpp"_s);
        const QString program = m_folder.filePath(u"calls"_s);
        write(path, source + main + "    return failed;\n}\n");
        const Ran compiled = run(QStringLiteral(CXX_COMPILER),
                                 {u"-std=c++20"_s, u"-Wall"_s, u"-Werror"_s, u"-DMSGPACK_NO_BOOST"_s,
                                  u"-I"_s + QStringLiteral(DECOY_INCLUDE), u"-o"_s, program, path,
                                  QStringLiteral(DECOY_LIBRARY), u"-pthread"_s, QStringLiteral(SANITIZER_OPTION)});
        QVERIFY2(compiled.status == 0, compiled.errors.constData());
        const Ran ran = run(program, {});
        QVERIFY2(ran.status == 0, ran.errors.constData());
        const QList<QByteArray> lines = ran.output.split('\n');
        QCOMPARE(std::size_t(lines.size()), calls.size());
        for (std::size_t index = 0; index < calls.size(); ++index) {
            if (const QByteArray json = expected(calls[index]); !json.isEmpty())
                QCOMPARE(lines[qsizetype(index)], json);
        }
    }

    void whatCannotBeWrittenSaysWhy()
    {
        CallRequest handle = to("", "child");
        for (const CallLanguage language : callLanguages)
            QVERIFY(callText(handle, language).problem.contains(u"published"_s));
        CallRequest binary = echo(Value(std::string("\xff\xfe")));
        QVERIFY(callText(binary, CallLanguage::Cpp).problem.contains(u"UTF-8"_s));
        CallRequest replaced = echo(Value(std::string("\xef\xbf\xbd"))); // the replacement character itself is text
        QVERIFY(callText(replaced, CallLanguage::Cpp).isValid());
        CallRequest large = echo(Value(std::string(200'000, 'x')));
        QVERIFY(callText(large, CallLanguage::CommandLine).problem.contains(u"command line"_s));
        QVERIFY(callText(large, CallLanguage::Cpp).isValid());
    }

    void aCapturedRequestAndItsResultAreTheSameCall()
    {
        FrameStore store;
        frames::Event request(ProxyOpCode::Execute,
                              frames::packed(ProxyOpCode::Execute,
                                             {Value(7), Value(std::string("deposit")),
                                              Value(std::vector<Value>{Value(50)}), fromJson(R"({"memo": "gift"})")}),
                              3);
        request.appendTo(store);
        frames::Event(ProxyOpCode::ExecutionResult, frames::result(7, Value(150)), 3).appendTo(store);
        for (Row row = 0; row < 2; ++row) {
            const FrameRequest read = requestOfFrame(store.snapshot(), row);
            QVERIFY2(read.isValid(), qPrintable(read.problem));
            QCOMPARE(read.request.object.id, quint64(7));
            QCOMPARE(read.request.member, std::string("deposit"));
            QCOMPARE(read.request.positional.at(0).as<int>(), 50);
            QCOMPARE(read.request.keywords.at(0).first, std::string("memo"));
            QCOMPARE(read.request.keywords.at(0).second.as<std::string>(), std::string("gift"));
        }
    }

    void aCutOrDamagedRequestIsNoCall()
    {
        FrameStore store;
        frames::Event cut = frames::request(1);
        cut.cutTo(9);
        cut->captured = 9;
        cut.appendTo(store);
        frames::Event(ProxyOpCode::Execute, QByteArray::fromHex("00000003c1c1c1"), 2).appendTo(store);
        frames::Event(ProxyOpCode::Execute, {}, 3).appendTo(store);
        frames::Event(ProxyOpCode::ExecutionResult, frames::result(1, Value(1)), 99).appendTo(store);
        const FrameSnapshot snapshot = store.snapshot();
        for (Row row = 0; row < snapshot.endRow(); ++row)
            QVERIFY(!requestOfFrame(snapshot, row).isValid());
        QVERIFY(requestOfFrame(snapshot, 0).problem.contains(u"9 of"_s));
        QVERIFY(!requestOfFrame(snapshot, noRow).isValid());
    }

private:
    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

    demo::DemoObjects m_objects;
    std::unique_ptr<ProxyServer> m_server;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCallText)
#include "test_call_text.moc"
