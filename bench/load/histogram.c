#include "histogram.h"

#include <string.h>

/* 32 buckets an octave: the five bits below the leading one pick the bucket within the octave. */
static unsigned bucket_of(uint64_t nanoseconds) {
    if (nanoseconds < 32) return (unsigned)nanoseconds;
    unsigned octave = 63U - (unsigned)__builtin_clzll(nanoseconds);
    unsigned within = (unsigned)(nanoseconds >> (octave - 5)) & 31U;
    unsigned bucket = (octave - 4) * 32 + within;
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static double middle_of(unsigned bucket) {
    if (bucket < 32) return bucket;
    unsigned octave = bucket / 32 + 4;
    double width = (double)(1ULL << (octave - 5));
    return (double)(1ULL << octave) + (bucket % 32 + 0.5) * width;
}

void histogram_clear(struct histogram *histogram) { memset(histogram, 0, sizeof *histogram); }

void histogram_add(struct histogram *histogram, uint64_t nanoseconds) {
    histogram->counts[bucket_of(nanoseconds)]++;
    histogram->total++;
}

double histogram_quantile_ms(const struct histogram *histogram, double share) {
    if (!histogram->total) return 0;
    uint64_t wanted = (uint64_t)(share * (double)histogram->total);
    if (wanted >= histogram->total) wanted = histogram->total - 1;
    uint64_t seen = 0;
    for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen > wanted) return middle_of(bucket) / 1e6;
    }
    return 0;
}
