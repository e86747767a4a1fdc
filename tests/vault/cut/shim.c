/* Counts what a process does to the files beneath one folder, and fails or kills it at the n-th call.
 *
 * Loaded with LD_PRELOAD, and armed by the process itself after a fork. What it counts it can also write down, so that
 * the calls can be played again. A sync returns at once: a kill loses nothing that was written, and the loss of what
 * was not synced is played again from the record.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, ONCE, BROKEN, FULL, KILL, TORN, SHORT };

static char prefix[4096];
static long at, calls, fired;
static int mode = COUNT, armed, record = -1;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void cut_arm(long n, int how, const char *folder, int handle) {
    snprintf(prefix, sizeof prefix, "%s/", folder);
    at = n, mode = how, record = handle, calls = fired = 0, armed = 1;
}

long cut_disarm(void) { armed = 0; return calls; }
long cut_fired(void) { return fired; }

static int beneath(const char *path) { return !strncmp(path, prefix, strlen(prefix)); }

/* The path in full; a path that is not absolute begins in the folder of a handle. */
static int named(int folder, const char *path, char *full) {
    if (path[0] == '/') return snprintf(full, 4096, "%s", path), beneath(full);
    char link[64], start[4096];
    if (folder == AT_FDCWD) { if (!getcwd(start, sizeof start)) return 0; }
    else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t n = readlink(link, start, sizeof start - 1);
        if (n < 0) return 0;
        start[n] = 0;
    }
    return snprintf(full, 4096, "%s/%s", start, path) < 4096 && beneath(full);
}

static int of_handle(int handle, char *full) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t n = readlink(link, full, 4095);
    if (n < 0) return 0;
    full[n] = 0;
    /* The folder itself counts as well: syncing it is a call like others. */
    return beneath(full) || (strlen(full) + 1 == strlen(prefix) && !strncmp(full, prefix, strlen(full)));
}

static void put(const void *data, size_t size) { REAL(write)(record, data, size); }

static void noted(char what, uint64_t node, int64_t offset, const void *data, size_t size) {
    if (record < 0) return;
    struct __attribute__((packed)) { char what; uint64_t node; int64_t offset; uint32_t size; } head
        = { what, node, offset, (uint32_t)size };
    pthread_mutex_lock(&guard);
    put(&head, sizeof head);
    put(data, size);
    pthread_mutex_unlock(&guard);
}

static uint64_t node(int handle) { struct stat s; return fstat(handle, &s) ? 0 : s.st_ino; }
static uint64_t node_of(const char *path) { struct stat s; return lstat(path, &s) ? 0 : s.st_ino; }

/* Whether the call is to fail. A torn or short write is told by -1. */
static int due(int grows, int writes) {
    long n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (n < at || mode == COUNT) return 0;
    if (mode == FULL) { if (!grows) return 0; fired = n, errno = ENOSPC; return 1; }
    if (n > at && mode != BROKEN) return 0;
    fired = n;
    if (mode == KILL || (mode == TORN && !writes)) raise(SIGKILL);
    if (mode == TORN || mode == SHORT) return writes ? -1 : 0;
    errno = EIO;
    return 1;
}

static ssize_t wrote(int handle, const void *data, size_t size, off_t offset, int placed) {
    char full[4096];
    int inside = armed && of_handle(handle, full), what = inside ? due(1, 1) : 0;
    if (what > 0) return -1;
    if (what < 0) size = (size + 1) / 2;
    int64_t start = placed ? offset : inside ? lseek(handle, 0, SEEK_CUR) : 0;
    ssize_t done = placed ? REAL(pwrite64)(handle, data, size, offset) : REAL(write)(handle, data, size);
    if (inside && done > 0) noted('W', node(handle), start, data, (size_t)done);
    if (what < 0 && mode == TORN) raise(SIGKILL);
    return done;
}

ssize_t write(int handle, const void *data, size_t size) { return wrote(handle, data, size, 0, 0); }
ssize_t pwrite(int handle, const void *data, size_t size, off_t offset) { return wrote(handle, data, size, offset, 1); }
ssize_t pwrite64(int handle, const void *data, size_t size, off_t offset) { return wrote(handle, data, size, offset, 1); }

static int synced(int handle) {
    char full[4096];
    if (!armed || !of_handle(handle, full)) return 0;
    if (due(0, 0)) return -1;
    noted('S', node(handle), 0, "", 0);
    return 0;
}

int fsync(int handle) { return synced(handle); }
int fdatasync(int handle) { return synced(handle); }

static int shortened(int handle, off_t size) {
    char full[4096];
    int inside = armed && of_handle(handle, full);
    if (inside && due(0, 0)) return -1;
    int done = REAL(ftruncate64)(handle, size);
    if (inside && !done) noted('T', node(handle), size, "", 0);
    return done;
}

int ftruncate(int handle, off_t size) { return shortened(handle, size); }
int ftruncate64(int handle, off_t size) { return shortened(handle, size); }

static int opened(int folder, const char *path, int flags, mode_t rights) {
    char full[4096];
    int inside = armed && flags & O_CREAT && named(folder, path, full), new = inside && !node_of(full);
    if (inside && due(new, 0)) return -1;
    int handle = REAL(openat64)(folder, path, flags, rights);
    if (handle >= 0 && new) noted('C', node(handle), 0, full, strlen(full));
    if (handle >= 0 && inside && flags & O_TRUNC) noted('T', node(handle), 0, "", 0);
    return handle;
}

#define RIGHTS(last) mode_t rights = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, last); rights = va_arg(more, int); va_end(more); }
int open(const char *path, int flags, ...) { RIGHTS(flags) return opened(AT_FDCWD, path, flags, rights); }
int open64(const char *path, int flags, ...) { RIGHTS(flags) return opened(AT_FDCWD, path, flags, rights); }
int openat(int folder, const char *path, int flags, ...) { RIGHTS(flags) return opened(folder, path, flags, rights); }
int openat64(int folder, const char *path, int flags, ...) { RIGHTS(flags) return opened(folder, path, flags, rights); }

static int moved(int from, const char *old, int to, const char *new) {
    char both[8192], other[4096];
    int inside = armed && (named(from, old, both) | named(to, new, other));
    if (inside && due(0, 0)) return -1;
    int done = REAL(renameat)(from, old, to, new);
    if (inside && !done) noted('R', 0, 0, both, strlen(strcat(strcat(both, "\n"), other)));
    return done;
}

int rename(const char *old, const char *new) { return moved(AT_FDCWD, old, AT_FDCWD, new); }
int renameat(int from, const char *old, int to, const char *new) { return moved(from, old, to, new); }
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    (void)flags;
    return moved(from, old, to, new);
}

static int removed(int folder, const char *path, int flags) {
    char full[4096];
    int inside = armed && named(folder, path, full);
    if (inside && due(0, 0)) return -1;
    int done = REAL(unlinkat)(folder, path, flags);
    if (inside && !done) noted('U', 0, 0, full, strlen(full));
    return done;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

static int made(int folder, const char *path, mode_t rights) {
    char full[4096];
    int inside = armed && named(folder, path, full);
    if (inside && due(1, 0)) return -1;
    int done = REAL(mkdirat)(folder, path, rights);
    if (inside && !done) noted('M', node_of(full), 0, full, strlen(full));
    return done;
}

int mkdir(const char *path, mode_t rights) { return made(AT_FDCWD, path, rights); }
int mkdirat(int folder, const char *path, mode_t rights) { return made(folder, path, rights); }
