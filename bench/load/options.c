#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void refuse(const char *sentence, const char *about) {
    fprintf(stderr, "load: %s: %s\n", sentence, about);
    exit(2);
}

static void add_processes(struct options *options, char *list) {
    for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) {
        if (options->pid_count < WATCHED_PROCESSES) options->pids[options->pid_count++] = atoi(pid);
    }
}

static void add_ports(struct options *options, char *list) {
    for (char *port = strtok(list, ","); port; port = strtok(NULL, ",")) {
        if (options->port_count < PORTS) options->ports[options->port_count++] = atoi(port);
    }
}

static int set_text(struct options *options, const char *name, const char *value) {
    const struct { const char *name; const char **field; } texts[] = {
        {"scenario", &options->scenario}, {"path", &options->path},         {"origin", &options->origin},
        {"first", &options->first},       {"ready", &options->ready[0]},    {"ready-2", &options->ready[1]},
        {"seats", &options->seats},       {"event", &options->event},       {"mark", &options->mark},
        {"ack", &options->ack},           {"error", &options->error},       {"ping", &options->ping},
        {"pong", &options->pong},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name)) continue;
        *texts[i].field = value;
        return 1;
    }
    return 0;
}

static int set_number(struct options *options, const char *name, const char *value) {
    if (!strcmp(name, "connections")) options->connections = strtoul(value, NULL, 10);
    else if (!strcmp(name, "opening")) options->opening_at_once = strtoul(value, NULL, 10);
    else if (!strcmp(name, "in-flight")) options->in_flight = strtoul(value, NULL, 10);
    else if (!strcmp(name, "by-order")) options->by_order = atoi(value);
    else if (!strcmp(name, "nap")) options->nap_us = (unsigned)atoi(value);
    else if (!strcmp(name, "rate")) options->rate = atof(value);
    else if (!strcmp(name, "jitter")) options->jitter = atof(value);
    else if (!strcmp(name, "seconds")) options->seconds = atof(value);
    else if (!strcmp(name, "warmup")) options->warmup = atof(value);
    else if (!strcmp(name, "core")) options->core = atoi(value);
    else return 0;
    return 1;
}

void options_parse(struct options *options, int argc, char **argv) {
    *options = (struct options){
        .path = "/ws", .origin = "", .connections = 1, .opening_at_once = 64, .ready = {"", ""},
        .event = "\"ev\":\"message.new\"", .mark = "\"body\":\"~", .ack = "{\"re\":", .error = "\"error\"",
        .ping = "", .pong = "", .in_flight = 1, .jitter = 1, .seconds = 3, .warmup = 1, .core = -1,
    };
    for (int i = 1; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (strncmp(argv[i], "--", 2) || !value) refuse("an option is written --name=value", argv[i]);
        *value++ = 0;
        const char *name = argv[i] + 2;
        if (!strcmp(name, "pids")) add_processes(options, value);
        else if (!strcmp(name, "port")) add_ports(options, value);
        else if (!set_text(options, name, value) && !set_number(options, name, value)) refuse("no such option", name);
    }
    if (!options->scenario) refuse("needed", "--scenario");
    if (!options->port_count) refuse("needed", "--port");
    if (!options->first) refuse("needed", "--first");
}

char **lines_of(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (!file) refuse("cannot be read", path);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    if (!text || fread(text, 1, size, file) != size) refuse("cannot be read", path);
    fclose(file);
    text[size] = 0;

    size_t lines = 0;
    for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
    char **list = calloc(lines + 1, sizeof *list);
    if (!list) refuse("out of memory for", path);
    *count = 0;
    for (char *at = text; at < text + size;) {
        char *end = strchr(at, '\n');
        if (end) *end = 0;
        list[(*count)++] = at;
        at = end ? end + 1 : text + size;
    }
    return list;
}
