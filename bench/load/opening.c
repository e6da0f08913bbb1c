#define _GNU_SOURCE
#include "opening.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static int port_of(const struct client *client, const struct connection *connection) {
    return client->options.ports[connection->index % client->options.port_count];
}

void opening_start(struct client *client, struct connection *connection) {
    connection->step = 0;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->fd < 0) {
        connection->fd = 0;
        connection_lose(client, connection, "no socket", strerror(errno), strlen(strerror(errno)));
        return;
    }
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    uint16_t port = (uint16_t)port_of(client, connection);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->phase = PHASE_CONNECTING;
    connection->since = now_ns();
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = connection};
    epoll_ctl(client->epoll, EPOLL_CTL_ADD, connection->fd, &event);
    if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS) {
        connection_lose(client, connection, "not connected", strerror(errno), strlen(strerror(errno)));
    }
}

void opening_continue(struct client *client) {
    const struct options *options = &client->options;
    while (!client->finished && client->started < options->connections &&
           client->started - client->opened < options->opening_at_once) {
        struct connection *connection = &client->connections[client->started];
        connection->index = (uint32_t)client->started++;
        opening_start(client, connection);
    }
}

void opening_connected(struct client *client, struct connection *connection) {
    int failure = 0;
    getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &failure, &(socklen_t){sizeof failure});
    if (failure) {
        connection_lose(client, connection, "not connected", strerror(failure), strlen(strerror(failure)));
        return;
    }
    char request[1024];
    const char *origin = client->options.origin;
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
                          client->options.path, port_of(client, connection), *origin ? "Origin: " : "", origin,
                          *origin ? "\r\n" : "");
    connection->phase = PHASE_UPGRADING;
    connection_write(client, connection, request, (size_t)length);
}

/* Sends the opening frame of this step; an empty one means the connection is open. */
static void send_step(struct client *client, struct connection *connection, uint64_t now) {
    const char *frame = connection->index < client->first_count ? client->first[connection->index] : "";
    for (int step = 0; step < connection->step && *frame; step++) {
        frame = strchrnul(frame, '\t');
        if (*frame) frame++;
    }
    size_t length = (size_t)(strchrnul(frame, '\t') - frame);
    if (length && connection->step < OPENING_STEPS) {
        connection->phase = PHASE_OPENING;
        connection_send(client, connection, frame, length);
        return;
    }
    connection->phase = PHASE_OPEN;
    connection->open_at = now;
    histogram_add(&client->opening_times, now - connection->since);
    if (++client->opened == client->options.connections) {
        client->all_open = now;
        client->scenario->opened(client, now);
    }
}

size_t opening_upgrade(struct client *client, struct connection *connection, const char *data, size_t length) {
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (length < 12 || memcmp(data + 9, "101", 3)) {
        connection_lose(client, connection, "no upgrade", data, length);
        return 0;
    }
    send_step(client, connection, now_ns());
    return (size_t)(end + 4 - data);
}

void opening_frame(struct client *client, struct connection *connection, const struct frame *frame, uint64_t now) {
    if (holds(frame->payload, frame->length, client->options.ready[connection->step])) {
        connection->step++;
        send_step(client, connection, now);
    } else if (holds(frame->payload, frame->length, client->options.error)) {
        connection_lose(client, connection, "refused", frame->payload, frame->length);
    } else {
        client->other_frames++;
    }
}
