#include "watch.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double own_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           ((double)usage.ru_utime.tv_usec + (double)usage.ru_stime.tv_usec) / 1e6;
}

static double process_seconds(int pid) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    /* The name in parentheses may hold blanks: the fields are counted from the last one. */
    const char *fields = strrchr(line, ')');
    unsigned long user = 0, kernel = 0;
    if (fields) sscanf(fields + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void read_core(struct watch *watch, int core) {
    char line[512], name[16];
    FILE *file = fopen("/proc/stat", "r");
    if (!file) return;
    snprintf(name, sizeof name, "cpu%d ", core);
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, name, strlen(name))) continue;
        unsigned long user, nice, kernel, idle, waiting, interrupts, soft, stolen;
        if (sscanf(line + strlen(name), "%lu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &kernel, &idle, &waiting,
                   &interrupts, &soft, &stolen) == 8) {
            double ticks = (double)sysconf(_SC_CLK_TCK);
            watch->core_busy = (double)(user + nice + kernel + interrupts + soft) / ticks;
            watch->core_stolen = (double)stolen / ticks;
        }
        break;
    }
    fclose(file);
}

void watch_read(struct watch *watch, const struct options *options) {
    memset(watch, 0, sizeof *watch);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    watch->wall = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    watch->own = own_seconds();
    for (size_t i = 0; i < options->pid_count; i++) watch->server += process_seconds(options->pids[i]);
    if (options->core >= 0) read_core(watch, options->core);
}

struct shares watch_shares(const struct watch *start, const struct watch *end) {
    double seconds = end->wall - start->wall;
    return (struct shares){
        .seconds = seconds,
        .own = (end->own - start->own) / seconds,
        .server = (end->server - start->server) / seconds,
        .core = (end->core_busy - start->core_busy) / seconds,
        .stolen = (end->core_stolen - start->core_stolen) / seconds,
    };
}
