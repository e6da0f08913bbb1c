/* connect and idle: all there is to do is opening connections. */
#include <stdio.h>

#include "scenarios.h"

static void ignore_frame(struct client *client, struct connection *connection, const struct frame *frame,
                         uint64_t now) {
    (void)connection, (void)frame, (void)now;
    client->other_frames++;
}

static void print_openings(struct client *client) {
    struct watch watch;
    watch_read(&watch, &client->options);
    struct shares shares = watch_shares(&client->began_watch, &watch);
    uint64_t until = client->all_open ? client->all_open : now_ns();
    double seconds = (double)(until - client->began) / 1e9;
    printf("{\"seconds\":%.3f,\"opened\":%zu,\"opened_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,", seconds,
           client->opened, (double)client->opened / seconds, histogram_quantile_ms(&client->opening_times, 0.5),
           histogram_quantile_ms(&client->opening_times, 0.99));
    printf("\"load_busy\":%.3f,\"server_busy\":%.3f,\"core_busy\":%.3f,\"core_stolen\":%.3f,", shares.own,
           shares.server, shares.core, shares.stolen);
    printf("\"lost\":%zu,\"bytes_in\":%llu,\"complaint\":\"%s\"}\n", client->lost,
           (unsigned long long)client->bytes_in, client->complaint);
    fflush(stdout);
}

static void opened_connect(struct client *client, uint64_t now) {
    (void)now;
    client->finished = 1;
}

static void opened_idle(struct client *client, uint64_t now) {
    (void)now;
    print_openings(client);
}

static int64_t turn(struct client *client, uint64_t now) {
    (void)client, (void)now;
    return -1;
}

/* Without a line until here, the openings failed. */
static void report_idle(struct client *client) {
    if (client->opened < client->options.connections) print_openings(client);
}

const struct scenario connect_scenario = {"connect", opened_connect, ignore_frame, turn, print_openings, NULL};
const struct scenario idle_scenario = {"idle", opened_idle, ignore_frame, turn, report_idle, NULL};
