// SPDX-License-Identifier: BSD-3-Clause
#include "lane/rendezvous.h"

#include "memory/system_error.h"

#include <decoy/error.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace decoy::lane {

namespace {

constexpr std::string_view socketEnding = ".sock";
constexpr std::string_view lockEnding = ".lock";

bool isUsableDirectory(const char *path)
{
    struct stat status = {};
    return path && *path == '/' && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

void checkOwnDirectory(const std::string &path)
{
    struct stat status = {};
    if (lstat(path.c_str(), &status) != 0)
        memory::throwSystemError("use " + path);
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)))
        throw AccessDenied(
            path + " must be a folder that you own and nobody else can write to; remove it or set XDG_RUNTIME_DIR");
}

sockaddr_un addressOf(const std::string &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw ProxyError("the path " + path + " is too long for a socket: use a shorter name or XDG_RUNTIME_DIR");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

FileDescriptor newSocket(int flags)
{
    FileDescriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0));
    if (!socket.isOpen())
        memory::throwSystemError("create a socket");
    return socket;
}

/// Whether the open file still has this path: its owner removes it while it holds the lock, so a lock on a file without
/// a path is worth nothing.
bool isSameFile(const FileDescriptor &file, const std::string &path)
{
    struct stat opened = {};
    struct stat named = {};
    return fstat(file.get(), &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino
        && opened.st_dev == named.st_dev;
}

/// Open-file-description locks: they belong to the descriptor, not to the process, and can be asked about.
struct flock wholeFile(short type)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

FileDescriptor lock(const std::string &path, std::string_view name)
{
    for (;;) {
        FileDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file.isOpen())
            memory::throwSystemError("open " + path);
        struct flock wanted = wholeFile(F_WRLCK);
        if (fcntl(file.get(), F_OFD_SETLK, &wanted) != 0)
            throw NameTaken("a live server is called \"" + std::string(name) + "\" already");
        if (isSameFile(file, path))
            return file;
    }
}

bool isLocked(const std::string &path)
{
    // Asks without locking, so that looking never makes a server that starts right now believe its name is taken.
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct flock wanted = wholeFile(F_RDLCK);
    return file.isOpen() && fcntl(file.get(), F_OFD_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
}

} // namespace

void checkServerName(std::string_view name)
{
    const auto isAllowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
            || c == '.';
    };
    if (name.empty() || name.size() > 64 || name.front() == '.' || !std::ranges::all_of(name, isAllowed))
        throw ArgumentError(
            "\"" + std::string(name.substr(0, 80))
            + "\" is no server name: use 1 to 64 letters, digits, '-', '_' and '.', not beginning with '.'");
}

std::string runtimeDirectory()
{
    const char *configured = std::getenv("XDG_RUNTIME_DIR");
    const std::string path = isUsableDirectory(configured) ? std::string(configured) + "/decoy"
                                                           : "/tmp/decoy-" + std::to_string(geteuid());
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        memory::throwSystemError("create " + path);
    checkOwnDirectory(path);
    return path;
}

Rendezvous Rendezvous::claim(std::string_view name)
{
    checkServerName(name);
    Rendezvous rendezvous;
    const std::string path = runtimeDirectory() + '/' + std::string(name);
    rendezvous.m_lock = lock(path + std::string(lockEnding), name);
    rendezvous.m_path = path;

    const std::string socketPath = path + std::string(socketEnding);
    const sockaddr_un address = addressOf(socketPath);
    rendezvous.m_socket = newSocket(SOCK_NONBLOCK);
    unlink(socketPath.c_str()); // what a dead server left: we hold its lock
    if (bind(rendezvous.m_socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        memory::throwSystemError("bind " + socketPath);
    if (listen(rendezvous.m_socket.get(), SOMAXCONN) != 0)
        memory::throwSystemError("listen on " + socketPath);
    return rendezvous;
}

Rendezvous::~Rendezvous()
{
    if (!m_lock.isOpen() || m_path.empty())
        return;
    unlink((m_path + std::string(socketEnding)).c_str());
    unlink((m_path + std::string(lockEnding)).c_str()); // last, and while the lock is held
}

FileDescriptor connectTo(std::string_view name)
{
    checkServerName(name);
    const std::string path = runtimeDirectory() + '/' + std::string(name) + std::string(socketEnding);
    const sockaddr_un address = addressOf(path);
    FileDescriptor socket = newSocket(SOCK_NONBLOCK);
    if (connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return socket;
    if (errno == ENOENT || errno == ECONNREFUSED)
        throw ServerNotFound("no live server is called \"" + std::string(name) + "\"");
    if (errno == EAGAIN)
        throw ProxyError("the server \"" + std::string(name)
                         + "\" has too many clients waiting to be greeted; try again");
    memory::throwSystemError("connect to the server \"" + std::string(name) + "\"");
}

std::vector<std::string> findLiveServers()
{
    std::vector<std::string> names;
    const std::string directory = runtimeDirectory();
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(directory, error)) {
        const std::string file = entry.path().filename().string();
        if (file.ends_with(lockEnding) && isLocked(entry.path().string()))
            names.push_back(file.substr(0, file.size() - lockEnding.size()));
    }
    std::ranges::sort(names);
    return names;
}

} // namespace decoy::lane
