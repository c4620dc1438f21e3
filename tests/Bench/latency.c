#include "iscsi-load.h"

enum { STEPS = 64, POWERS = 58 };

static uint64_t counts[POWERS * STEPS], total, sum_ns;

static int bucket_of(uint64_t ns)
{
    if (ns < STEPS) return (int)ns;
    int power = 63 - __builtin_clzll(ns);
    return (power - 5) * STEPS + (int)((ns >> (power - 6)) & (STEPS - 1));
}

static double lower_bound_ns(int bucket)
{
    if (bucket < STEPS) return bucket;
    return (double)((uint64_t)(STEPS + bucket % STEPS) << (bucket / STEPS - 1));
}

void latency_add(uint64_t ns)
{
    counts[bucket_of(ns)]++;
    total++;
    sum_ns += ns;
}

double latency_percentile_us(double fraction)
{
    uint64_t below = 0, wanted = (uint64_t)(fraction * (double)total);
    for (int bucket = 0; bucket < POWERS * STEPS; bucket++) {
        below += counts[bucket];
        if (below > wanted) return lower_bound_ns(bucket) / 1000;
    }
    return 0;
}

double latency_mean_us(void) { return total ? (double)sum_ns / (double)total / 1000 : 0; }

uint64_t latency_count(void) { return total; }
