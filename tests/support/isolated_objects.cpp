// SPDX-License-Identifier: BSD-3-Clause
#include "isolated_objects.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/resource.h>
#include <unistd.h>

namespace decoy::test {

void Bomb::raise(int signal) const
{
    std::signal(signal, SIG_DFL); // a sanitizer's handler would turn it into an exit
    std::raise(signal);
}

void Bomb::exit(int status) const { std::_Exit(status); }

void Bomb::hang()
{
    ++m_hanging;
    for (;;)
        pause();
}

void Bomb::note(const std::string &file, const std::string &line) const
{
    const FileDescriptor notes(open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    const std::string text = line + "\n";
    if (write(notes.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("cannot write " + file);
}

std::vector<std::string> Bomb::openFiles() const
{
    std::vector<std::string> files;
    for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        files.push_back(std::filesystem::read_symlink(entry, gone).string());
    }
    return files;
}

std::string Bomb::variable(const std::string &name) const
{
    const char *const value = std::getenv(name.c_str());
    return value ? value : "";
}

std::vector<std::string> Bomb::arguments() const
{
    std::ifstream file("/proc/self/cmdline");
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(file, argument, '\0');)
        arguments.push_back(argument);
    return arguments;
}

void fillIsolated(ProxyServer &server)
{
    const rlimit none{};
    setrlimit(RLIMIT_CORE, &none);
    if (server.name() == "throws")
        throw std::runtime_error("there is no money");
    if (server.name() == "sleeps")
        Bomb().hang();
    if (server.name() == "babbles" && write(3, "???", 3) == 3)
        Bomb().hang();
    server.bind(Class<Bomb>("Bomb")
                    .threading(Threading::Concurrent)
                    .method("raise", &Bomb::raise)
                    .method("exit", &Bomb::exit)
                    .method("hang", &Bomb::hang)
                    .method("hanging", &Bomb::hanging)
                    .method("note", &Bomb::note)
                    .method("openFiles", &Bomb::openFiles)
                    .method("variable", &Bomb::variable)
                    .method("arguments", &Bomb::arguments));
    server.publish("bomb", std::make_shared<Bomb>());
}

} // namespace decoy::test
