/* SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
   SPDX-License-Identifier: MIT

   The head of the AppImage (type 2): an ELF program with a squashfs image behind its last section. It mounts
   the image by FUSE, or unpacks it where there is none, and runs AppRun in it.

   Static, so that it needs nothing of the machine but fusermount3, and not that as root. The mount lives in a
   process of its own, which ends when the last process that holds the pipe's other end has ended: the
   program's, whatever it was replaced by or started. */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <squashfuse/ll.h>

static char self[4096]; /* this file */

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", self, what, strerror(errno));
    exit(127);
}

/* Where the ELF file ends: behind its section headers, which linkers put last. */
static size_t image_offset(void)
{
    Elf64_Ehdr head;
    const int file = open(self, O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, &head, sizeof head) != sizeof head)
        fail("cannot read this file");
    close(file);
    return head.e_shoff + (size_t)head.e_shentsize * head.e_shnum;
}

/* ---- the mount ---- */

static void serve(const char *folder, int ready, int lifeline)
{
    struct fuse_lowlevel_ops ops = {
        .getattr = sqfs_ll_op_getattr,
        .opendir = sqfs_ll_op_opendir,
        .releasedir = sqfs_ll_op_releasedir,
        .readdir = sqfs_ll_op_readdir,
        .lookup = sqfs_ll_op_lookup,
        .open = sqfs_ll_op_open,
        .release = sqfs_ll_op_release,
        .read = sqfs_ll_op_read,
        .readlink = sqfs_ll_op_readlink,
        .listxattr = sqfs_ll_op_listxattr,
        .getxattr = sqfs_ll_op_getxattr,
        .forget = sqfs_ll_op_forget,
        .statfs = stfs_ll_op_statfs,
    };
    char *words[] = { "sami-llm-proxy", "-oro,nosuid,nodev,fsname=sami-llm-proxy" };
    struct fuse_args arguments = FUSE_ARGS_INIT(2, words);
    sqfs_ll_chan channel = { 0 };
    sqfs_ll *image = sqfs_ll_open(self, image_offset());
    if (!image
        || sqfs_ll_mount(&channel, folder, &arguments, &ops, sizeof ops, image) != SQFS_OK)
        _exit(1);
    if (write(ready, "", 1) != 1)
        _exit(1);
    close(ready);

    struct fuse_buf buffer = { 0 };
    struct pollfd polled[] = { { fuse_session_fd(channel.session), POLLIN, 0 },
                               { lifeline, POLLIN, 0 } };
    while (!fuse_session_exited(channel.session)) {
        if (poll(polled, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (polled[1].revents)
            break;
        const int length = fuse_session_receive_buf(channel.session, &buffer);
        if (length == -EINTR || length == -EAGAIN)
            continue;
        if (length <= 0)
            break;
        fuse_session_process_buf(channel.session, &buffer);
    }
    sqfs_ll_unmount(&channel, folder);
    rmdir(folder);
    _exit(0);
}

/* Mounts at `folder`; false when that cannot be. The pipe's end that keeps the mount stays open here. */
static bool mount_image(const char *folder)
{
    int ready[2];
    int lifeline[2];
    if (pipe2(ready, O_CLOEXEC) != 0 || pipe(lifeline) != 0)
        fail("cannot make a pipe");
    const pid_t child = fork();
    if (child < 0)
        fail("cannot start a process");
    if (child == 0) {
        /* A session of its own, by way of a grandchild that nobody has to wait for: Ctrl+C in the terminal
           is meant for the program, which may want to read its files while it stops. */
        setsid();
        if (fork() != 0)
            _exit(0);
        const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
        for (size_t i = 0; i < sizeof signals / sizeof *signals; ++i)
            signal(signals[i], SIG_IGN);
        close(ready[0]);
        close(lifeline[1]);
        /* Whoever reads the program's output to its end must not wait for this process; what mounting says
           when it fails is said better below. */
        const int null = open("/dev/null", O_RDWR);
        for (int standard = 0; standard < 3; ++standard)
            dup2(null, standard);
        serve(folder, ready[1], lifeline[0]);
    }
    waitpid(child, NULL, 0);
    close(ready[1]);
    close(lifeline[0]);
    char byte;
    const bool mounted = read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    if (!mounted)
        close(lifeline[1]);
    return mounted;
}

/* ---- without a mount ---- */

static void extract_file(sqfs *image, sqfs_inode *inode, const char *path)
{
    static char block[1 << 17];
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, inode->base.mode & 0777);
    if (file < 0)
        fail(path);
    for (sqfs_off_t at = 0; at < (sqfs_off_t)inode->xtra.reg.file_size;) {
        sqfs_off_t length = sizeof block;
        if (sqfs_read_range(image, inode, at, &length, block) != SQFS_OK || length <= 0)
            fail("this file is damaged");
        if (write(file, block, (size_t)length) != length)
            fail(path);
        at += length;
    }
    if (close(file) != 0)
        fail(path);
}

/* Unpacks the image into `folder`, which is there. */
static void extract(const char *folder)
{
    sqfs image;
    sqfs_err error = SQFS_OK;
    sqfs_traverse walk;
    if (sqfs_open_image(&image, self, image_offset()) != SQFS_OK
        || sqfs_traverse_open(&walk, &image, sqfs_inode_root(&image)) != SQFS_OK)
        exit(127);
    while (sqfs_traverse_next(&walk, &error)) {
        if (walk.dir_end)
            continue;
        char path[8192];
        char target[4096];
        size_t target_size = sizeof target;
        sqfs_inode inode;
        snprintf(path, sizeof path, "%s/%s", folder, walk.path);
        if (sqfs_inode_get(&image, &inode, sqfs_dentry_inode(&walk.entry)) != SQFS_OK)
            fail("this file is damaged");
        if (S_ISDIR(inode.base.mode)) {
            if (mkdir(path, 0755) != 0 && errno != EEXIST)
                fail(path);
        } else if (S_ISLNK(inode.base.mode)) {
            unlink(path);
            if (sqfs_readlink(&image, &inode, target, &target_size) != SQFS_OK
                || symlink(target, path) != 0)
                fail(path);
        } else if (S_ISREG(inode.base.mode)) {
            extract_file(&image, &inode, path);
        }
    }
    if (error != SQFS_OK) {
        errno = EIO;
        fail("this file is damaged");
    }
    sqfs_traverse_close(&walk);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Runs in a process of its own while this one waits, to remove the folder afterwards. */
static pid_t running;

static void pass_on(int number)
{
    kill(running, number);
}

static void run_and_remove(const char *folder, char **arguments)
{
    char program[4200];
    snprintf(program, sizeof program, "%s/AppRun", folder);
    running = fork();
    if (running < 0)
        fail("cannot start a process");
    if (running == 0) {
        execv(program, arguments);
        fail(program);
    }
    const int signals[] = { SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; ++i)
        signal(signals[i], pass_on);
    /* The terminal sends it to both. */
    signal(SIGINT, SIG_IGN);
    int status = 0;
    while (waitpid(running, &status, 0) < 0 && errno == EINTR)
        ;
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* ---- */

static const char help[] =
    "This file is an AppImage: it mounts itself and runs the program inside.\n"
    "\n"
    "  (no option of these)             runs the desktop app; its own options: --help\n"
    "  --daemon [options]               runs the proxy without a window; its options: --daemon --help\n"
    "  --appimage-extract               unpacks into ./squashfs-root\n"
    "  --appimage-extract-and-run ...   unpacks to a temporary folder and runs from there: without FUSE\n"
    "                                   (also: APPIMAGE_EXTRACT_AND_RUN=1 in the environment)\n"
    "  --appimage-offset                prints where the file system begins\n"
    "  --appimage-help                  this text\n";

int main(int argc, char **argv)
{
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        perror("/proc/self/exe");
        return 127;
    }
    self[length] = '\0';

    const char *option = argc > 1 && strncmp(argv[1], "--appimage-", 11) == 0 ? argv[1] : "";
    if (strcmp(option, "--appimage-help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    if (strcmp(option, "--appimage-offset") == 0) {
        printf("%zu\n", image_offset());
        return 0;
    }
    if (strcmp(option, "--appimage-extract") == 0) {
        if (mkdir("squashfs-root", 0755) != 0 && errno != EEXIST)
            fail("squashfs-root");
        extract("squashfs-root");
        return 0;
    }
    bool unpacks = getenv("APPIMAGE_EXTRACT_AND_RUN") != NULL;
    if (strcmp(option, "--appimage-extract-and-run") == 0) {
        unpacks = true;
        argv[1] = argv[0];
        ++argv;
    } else if (*option) {
        fprintf(stderr, "%s: there is no %s; see --appimage-help\n", self, option);
        return 2;
    }

    const char *temporary = getenv("TMPDIR");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/.mount_sami-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(folder))
        fail("cannot make a temporary folder");
    setenv("APPIMAGE", self, 1);
    setenv("APPDIR", folder, 1);
    setenv("ARGV0", argv[0], 1);
    char *here = getcwd(NULL, 0);
    if (here)
        setenv("OWD", here, 1);

    if (!unpacks && mount_image(folder)) {
        char program[4200];
        snprintf(program, sizeof program, "%s/AppRun", folder);
        execv(program, argv);
        fail(program);
    }
    if (!unpacks)
        fprintf(stderr,
                "%s: this machine cannot mount it by FUSE (fusermount3 of the package fuse3 is missing, or\n"
                "/dev/fuse): unpacking it to %s instead, which takes longer at each start\n",
                self, folder);
    extract(folder);
    run_and_remove(folder, argv);
}
