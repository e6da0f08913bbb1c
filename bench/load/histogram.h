/* Latencies in logarithmic buckets: about 2 % wide from 1 µs to 1 hour, constant memory, no sorting. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 2048 };

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
};

void histogram_clear(struct histogram *histogram);
void histogram_add(struct histogram *histogram, uint64_t nanoseconds);

/* The latency in milliseconds below which `share` (0..1) of the samples lie; 0 when there are none. */
double histogram_quantile_ms(const struct histogram *histogram, double share);

#endif
