/* How a connection comes to be open: TCP, the WebSocket upgrade, then up to two frames that are answered. */
#ifndef OPENING_H
#define OPENING_H

#include "client.h"

/* Starts connections until `opening_at_once` of them are under way. */
void opening_continue(struct client *client);
/* Starts one that is new, or was lost and has let go of its buffers. */
void opening_start(struct client *client, struct connection *connection);
void opening_connected(struct client *client, struct connection *connection);

/* Returns the bytes of the HTTP answer, 0 when it is not all there. */
size_t opening_upgrade(struct client *client, struct connection *connection, const char *data, size_t length);
void opening_frame(struct client *client, struct connection *connection, const struct frame *frame, uint64_t now);

/* Shared with client.c. */
void connection_lose(struct client *client, struct connection *connection, const char *why, const char *text,
                     size_t length);
void connection_write(struct client *client, struct connection *connection, const char *data, size_t length);

#endif
