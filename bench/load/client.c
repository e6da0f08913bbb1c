#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "opening.h"

enum { READ_SIZE = 1 << 18, EVENTS_A_TURN = 512, PAYLOAD_MAX = 1 << 16 };

uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

int holds(const char *text, size_t length, const char *needle) {
    return memmem(text, length, needle, strlen(needle)) != NULL;
}

void client_complain(struct client *client, const char *what, const char *text, size_t length) {
    if (client->complaint[0]) return;
    snprintf(client->complaint, sizeof client->complaint, "%s: %.*s", what, (int)(length > 200 ? 200 : length), text);
    /* It goes into a JSON string as it is. */
    for (char *c = client->complaint; *c; c++) {
        if (*c == '"') *c = '\'';
        else if (*c == '\\' || (unsigned char)*c < 32 || (unsigned char)*c > 126) *c = ' ';
    }
}

static void buffer_append(struct buffer *buffer, const char *data, size_t length) {
    if (buffer->length + length > buffer->capacity) {
        buffer->capacity = (buffer->length + length) * 2;
        buffer->data = realloc(buffer->data, buffer->capacity);
        if (!buffer->data) abort();
    }
    memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
}

static void buffer_drop(struct buffer *buffer, size_t length) {
    buffer->length -= length;
    memmove(buffer->data, buffer->data + length, buffer->length);
    if (!buffer->length) {
        free(buffer->data);
        *buffer = (struct buffer){0};
    }
}

static void want_writable(struct client *client, struct connection *connection, int wanted) {
    struct epoll_event event = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0U), .data.ptr = connection};
    epoll_ctl(client->epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

void connection_lose(struct client *client, struct connection *connection, const char *why, const char *text,
                     size_t length) {
    if (connection->phase == PHASE_LOST) return;
    if (client->scenario->lost && client->all_open) {
        if (connection->phase == PHASE_OPEN) client->opened--;
        connection->phase = PHASE_LOST;
        close(connection->fd);
        client->scenario->lost(client, connection, client->close_code);
        return;
    }
    client_complain(client, why, text, length);
    if (connection->phase != PHASE_OPEN) client->finished = 1;
    connection->phase = PHASE_LOST;
    client->lost++;
    close(connection->fd);
}

void connection_write(struct client *client, struct connection *connection, const char *data, size_t length) {
    if (!connection->out.length) {
        ssize_t sent = send(connection->fd, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return; /* the reading side learns it too, and says so */
        if (sent < 0) sent = 0;
        if ((size_t)sent == length) return;
        data += sent;
        length -= (size_t)sent;
        want_writable(client, connection, 1);
    }
    buffer_append(&connection->out, data, length);
}

static void send_frame(struct client *client, struct connection *connection, int opcode, const char *text,
                       size_t length) {
    static char framed[PAYLOAD_MAX + FRAME_HEADER_MAX];
    if (length > PAYLOAD_MAX) abort();
    client->random ^= client->random << 13;
    client->random ^= client->random >> 17;
    client->random ^= client->random << 5;
    connection_write(client, connection, framed, frame_write(framed, opcode, text, length, client->random));
}

void connection_send(struct client *client, struct connection *connection, const char *text, size_t length) {
    send_frame(client, connection, FRAME_TEXT, text, length);
}

static int answer_ping(struct client *client, struct connection *connection, const struct frame *frame) {
    const char *ping = client->options.ping;
    size_t length = strlen(ping);
    if (!length || frame->length < length || memcmp(frame->payload, ping, length)) return 0;
    /* Ids must rise on a connection: the clock's microseconds do, and lie above every message number. */
    char text[256];
    size_t filled = template_fill(&client->pong, now_ns() / 1000, text, sizeof text);
    if (filled) connection_send(client, connection, text, filled);
    return 1;
}

static void handle_frame(struct client *client, struct connection *connection, const struct frame *frame,
                         uint64_t now) {
    if (frame->opcode == FRAME_PING) {
        send_frame(client, connection, FRAME_PONG, frame->payload, frame->length);
    } else if (frame->opcode == FRAME_CLOSE) {
        char code[64] = "without a code";
        if (frame->length >= 2) {
            client->close_code = (unsigned char)frame->payload[0] << 8 | (unsigned char)frame->payload[1];
            snprintf(code, sizeof code, "%d %.*s",
                     (unsigned char)frame->payload[0] << 8 | (unsigned char)frame->payload[1],
                     (int)(frame->length - 2 > 40 ? 40 : frame->length - 2), frame->payload + 2);
            client->close_window = frame->length > 2 ? atoi(strchr(code, ' ')) : 0;
        }
        connection_lose(client, connection, "closed by the server", code, strlen(code));
        client->close_code = client->close_window = 0;
    } else if (frame->opcode != FRAME_TEXT || !frame->final) {
        connection_lose(client, connection, "a frame that is no whole text", "", 0);
    } else if (!answer_ping(client, connection, frame)) {
        if (connection->phase != PHASE_OPEN) opening_frame(client, connection, frame, now);
        /* Until all are open, what comes was set going by others: a load before this one, say. */
        else if (client->opened < client->options.connections) client->other_frames++;
        else client->scenario->frame(client, connection, frame, now);
    }
}

/* Returns the bytes taken. */
static size_t handle_bytes(struct client *client, struct connection *connection, const char *data, size_t length) {
    size_t taken = 0;
    if (connection->phase == PHASE_UPGRADING) {
        taken = opening_upgrade(client, connection, data, length);
        if (!taken) return 0;
    }
    uint64_t now = now_ns();
    struct frame frame;
    while (connection->phase != PHASE_LOST) {
        size_t size = frame_read(data + taken, length - taken, &frame);
        if (!size) break;
        handle_frame(client, connection, &frame, now);
        taken += size;
    }
    return taken;
}

static void read_ready(struct client *client, struct connection *connection) {
    static char data[READ_SIZE];
    ssize_t got = recv(connection->fd, data, sizeof data, 0);
    if (got <= 0) {
        if (got < 0 && errno == EAGAIN) return;
        connection_lose(client, connection, "cut by the server", got ? strerror(errno) : "", got ? 20 : 0);
        return;
    }
    client->bytes_in += (uint64_t)got;
    if (connection->in.length) {
        buffer_append(&connection->in, data, (size_t)got);
        size_t taken = handle_bytes(client, connection, connection->in.data, connection->in.length);
        if (taken) buffer_drop(&connection->in, taken);
    } else {
        size_t taken = handle_bytes(client, connection, data, (size_t)got);
        if (taken < (size_t)got) buffer_append(&connection->in, data + taken, (size_t)got - taken);
    }
}

static void write_ready(struct client *client, struct connection *connection) {
    if (connection->phase == PHASE_CONNECTING) {
        opening_connected(client, connection);
        want_writable(client, connection, connection->out.length != 0);
        return;
    }
    ssize_t sent = send(connection->fd, connection->out.data, connection->out.length, MSG_NOSIGNAL);
    if (sent > 0) buffer_drop(&connection->out, (size_t)sent);
    if (!connection->out.length) want_writable(client, connection, 0);
}

static void wait_and_handle(struct client *client, int64_t patience) {
    struct epoll_event events[EVENTS_A_TURN];
    /* With nobody in epoll, what the server sends wakes nobody: on a loopback the sender's core pays for wakes. */
    if (client->options.nap_us && patience) usleep(client->options.nap_us);
    struct timespec limit = {.tv_sec = patience / 1000000000, .tv_nsec = patience % 1000000000};
    int count = epoll_pwait2(client->epoll, events, EVENTS_A_TURN, patience < 0 ? NULL : &limit, NULL);
    for (int i = 0; i < count && !client->finished; i++) {
        struct connection *connection = events[i].data.ptr;
        if (!connection) { /* stdin: whoever started us has let go */
            client->finished = 1;
            return;
        }
        if (connection->phase == PHASE_LOST) continue;
        if (events[i].events & EPOLLOUT) write_ready(client, connection);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_ready(client, connection);
    }
}

void client_run(struct client *client) {
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    client->connections = calloc(client->options.connections, sizeof *client->connections);
    if (client->epoll < 0 || !client->connections) abort();
    struct epoll_event input = {.events = EPOLLIN | EPOLLHUP, .data.ptr = NULL};
    epoll_ctl(client->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input);
    template_parse(&client->pong, client->options.pong);
    client->first = lines_of(client->options.first, &client->first_count);
    client->random = (uint32_t)now_ns() | 1U;
    watch_read(&client->began_watch, &client->options);
    client->began = now_ns();
    while (!client->finished) {
        opening_continue(client);
        int64_t patience = -1;
        if (client->all_open) patience = client->scenario->turn(client, now_ns());
        if (!client->finished) wait_and_handle(client, patience);
    }
    client->scenario->report(client);
}
