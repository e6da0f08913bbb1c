/* storm: the server goes and comes back; everybody tries again as the web client does, until all are in sync. */
#include <stdio.h>
#include <stdlib.h>

#include "opening.h"
#include "scenarios.h"

enum { SHORTEST_WAIT_MS = 300, WINDOW_MS = 1000, RESTART_WINDOW_MS = 4000, LONGEST_WINDOW_MS = 30000, RESTART = 1012 };

static uint64_t first_lost, first_back, attempts;

static double chance(struct client *client) {
    client->random ^= client->random << 13;
    client->random ^= client->random >> 17;
    client->random ^= client->random << 5;
    return (double)client->random / 4294967296.0;
}

/* web/core/backoff.ts: full jitter in a window as long as the trouble has lasted, wider from the start after a restart. */
static void lost(struct client *client, struct connection *connection, int code) {
    uint64_t now = now_ns();
    if (!first_lost) first_lost = now;
    if (!connection->lost_at) connection->lost_at = now;
    if (code == RESTART) connection->window = client->close_window > 0 ? client->close_window : RESTART_WINDOW_MS;
    connection->tries++;
    double window = (double)(now - connection->lost_at) / 1e6, least = connection->window ? connection->window : WINDOW_MS;
    if (window < least) window = least;
    if (window > LONGEST_WINDOW_MS) window = LONGEST_WINDOW_MS;
    double jitter = client->options.jitter;
    double wait = window * (1 - jitter + jitter * chance(client));
    connection->retry_at = now + (uint64_t)((wait < SHORTEST_WAIT_MS ? SHORTEST_WAIT_MS : wait) * 1e6);
}

static void let_go(struct buffer *buffer) {
    free(buffer->data);
    *buffer = (struct buffer){0};
}

static int64_t turn(struct client *client, uint64_t now) {
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < client->options.connections; i++) {
        struct connection *connection = &client->connections[i];
        if (connection->phase == PHASE_OPEN && connection->lost_at && !first_back) first_back = connection->open_at;
        if (connection->phase != PHASE_LOST) continue;
        if (connection->retry_at <= now) {
            let_go(&connection->in);
            let_go(&connection->out);
            opening_start(client, connection);
        } else if (connection->retry_at < next) {
            next = connection->retry_at;
        }
    }
    return next == UINT64_MAX ? -1 : (int64_t)(next - now);
}

static void frame(struct client *client, struct connection *connection, const struct frame *frame, uint64_t now) {
    (void)connection, (void)frame, (void)now;
    client->other_frames++;
}

static void print_line(struct client *client, uint64_t now) {
    struct histogram waits = {0};
    for (size_t i = 0; i < client->options.connections; i++) {
        struct connection *connection = &client->connections[i];
        if (connection->lost_at) {
            histogram_add(&waits, connection->open_at - connection->lost_at);
            attempts += (uint64_t)connection->tries;
        }
    }
    struct watch watch;
    watch_read(&watch, &client->options);
    struct shares shares = watch_shares(&client->began_watch, &watch);
    printf("{\"seconds\":%.3f,\"until_first_s\":%.3f,\"opened\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"attempts\":%llu,",
           first_lost ? (double)(now - first_lost) / 1e9 : 0, first_back ? (double)(first_back - first_lost) / 1e9 : 0,
           client->opened, histogram_quantile_ms(&waits, 0.5), histogram_quantile_ms(&waits, 0.99),
           (unsigned long long)attempts);
    printf("\"load_busy\":%.3f,\"lost\":%zu,\"complaint\":\"%s\"}\n", shares.own, client->lost, client->complaint);
    fflush(stdout);
}

/* Once when everybody is there for the first time, once more when everybody is back. */
static void opened(struct client *client, uint64_t now) {
    turn(client, 0);
    print_line(client, now);
    client->finished = first_lost != 0;
}

static void report(struct client *client) {
    if (client->opened < client->options.connections) print_line(client, now_ns());
}

const struct scenario storm_scenario = {"storm", opened, frame, turn, report, lost};
