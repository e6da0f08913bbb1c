/* Many WebSocket connections on one thread and one epoll: opening, reading, writing. What is said is the scenario's. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "histogram.h"
#include "options.h"
#include "template.h"
#include "watch.h"

enum phase { PHASE_NEW, PHASE_CONNECTING, PHASE_UPGRADING, PHASE_OPENING, PHASE_OPEN, PHASE_LOST };

struct buffer {
    char *data;
    size_t length, capacity;
};

struct connection {
    int fd;
    enum phase phase;
    int step;             /* which opening frame waits for its answer */
    uint32_t index;
    uint32_t room;        /* fanout: its room; ask: unused */
    uint64_t count;       /* fanout: events seen; ask: questions asked */
    uint64_t since;       /* ns: when it began to open, later when it asked */
    uint64_t open_at, lost_at, retry_at; /* ns; storm */
    int tries, window; /* storm: since it was last open; ms in which a restarting server wants everybody back */
    struct buffer in;     /* a frame that is not all there yet */
    struct buffer out;    /* what the socket did not take yet */
};

struct client;

struct scenario {
    const char *name;
    void (*opened)(struct client *client, uint64_t now); /* every connection is open */
    void (*frame)(struct client *client, struct connection *connection, const struct frame *frame, uint64_t now);
    int64_t (*turn)(struct client *client, uint64_t now); /* called every turn; ns to the next wanted one, -1 none */
    void (*report)(struct client *client);
    /* A connection went after all had been open; NULL: that is a failure. Code 0: without a close frame. */
    void (*lost)(struct client *client, struct connection *connection, int code);
};

struct client {
    struct options options;
    const struct scenario *scenario;
    int epoll;
    struct connection *connections;
    char **first;
    size_t first_count;
    size_t started, opened, lost;
    uint64_t began, all_open;  /* ns */
    struct watch began_watch;
    struct histogram opening_times;
    uint64_t other_frames, bytes_in;
    uint32_t random;
    struct template pong;
    int close_code;            /* of the close frame that is being handled; 0: none */
    int close_window;          /* ms in which its server wants everybody back; 0: not said */
    int finished;
    char complaint[300];       /* the first thing that went wrong, for the report */
};

uint64_t now_ns(void);
void client_run(struct client *client);

/* Sends a text frame, or keeps what the socket does not take. */
void connection_send(struct client *client, struct connection *connection, const char *text, size_t length);

/* Keeps the first complaint only. */
void client_complain(struct client *client, const char *what, const char *text, size_t length);

int holds(const char *text, size_t length, const char *needle);

#endif
