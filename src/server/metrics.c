/* metrics.c — see metrics.h. */
#include "metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Statuses that hacktivd can give, and a last place for any other. */
static const int statuses[] = { 200, 201, 204, 302, 303, 304, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415,
	                        422, 428, 429, 431, 500, 501, 503, 505, 0 };
#define STATUSES COUNT_OF(statuses)

/* Upper edges in microseconds; the last bucket is for all that took longer. */
static const int64_t edges[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 5000000, INT64_MAX };
static const char *const edge_words[] = { "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "1", "5", "+Inf" };
#define EDGES COUNT_OF(edges)

struct route_figures {
	atomic_uint_fast64_t by_status[STATUSES];
	atomic_uint_fast64_t by_time[EDGES];
	atomic_uint_fast64_t microseconds;
};

struct metrics {
	size_t routes;
	time_t started;
	atomic_uint_fast64_t counted[COUNTEDS];
	struct route_figures figures[];      /* routes + 1 */
};

struct metrics *metrics_new(size_t routes)
{
	struct metrics *metrics = memory_get(sizeof *metrics + (routes + 1) * sizeof metrics->figures[0]);
	metrics->routes = routes;
	metrics->started = time(NULL);
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	free(metrics);
}

static size_t place_of_status(int status)
{
	size_t i = 0;
	while (i < STATUSES - 1 && statuses[i] != status)
		i++;
	return i;
}

static void add(atomic_uint_fast64_t *counter, uint64_t more)
{
	atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

static uint64_t value(const atomic_uint_fast64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, size_t route, int status, int64_t microseconds)
{
	struct route_figures *figures = &metrics->figures[route < metrics->routes ? route : metrics->routes];
	size_t bucket = 0;
	while (microseconds > edges[bucket])
		bucket++;
	add(&figures->by_status[place_of_status(status)], 1);
	add(&figures->by_time[bucket], 1);
	add(&figures->microseconds, (uint64_t)microseconds);
}

void metrics_add(struct metrics *metrics, enum counted what)
{
	add(&metrics->counted[what], 1);
}

static void head(struct buffer *out, const char *name, const char *type, const char *help)
{
	buffer_print(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_requests(const struct metrics *metrics, void (*name_of)(size_t, const char **, const char **), struct buffer *out)
{
	head(out, "hacktiv_http_requests_total", "counter", "Requests answered, by route and status.");
	for (size_t i = 0; i <= metrics->routes; i++) {
		const char *method = "", *pattern = "";
		if (i < metrics->routes)
			name_of(i, &method, &pattern);
		for (size_t j = 0; j < STATUSES; j++) {
			uint64_t count = value(&metrics->figures[i].by_status[j]);
			if (count)
				buffer_print(out, "hacktiv_http_requests_total{route=\"%s\",method=\"%s\",code=\"%d\"} %" PRIu64 "\n", pattern,
				             method, statuses[j], count);
		}
	}
}

static void print_times(const struct metrics *metrics, void (*name_of)(size_t, const char **, const char **), struct buffer *out)
{
	head(out, "hacktiv_http_request_seconds", "histogram", "Time from a request's head to its answer.");
	for (size_t i = 0; i < metrics->routes; i++) {
		const struct route_figures *figures = &metrics->figures[i];
		const char *method, *pattern;
		uint64_t count = 0;
		name_of(i, &method, &pattern);
		for (size_t j = 0; j < EDGES; j++)
			count += value(&figures->by_time[j]);
		if (!count)
			continue;
		uint64_t below = 0;
		for (size_t j = 0; j < EDGES; j++) {
			below += value(&figures->by_time[j]);
			buffer_print(out, "hacktiv_http_request_seconds_bucket{route=\"%s\",method=\"%s\",le=\"%s\"} %" PRIu64 "\n", pattern,
			             method, edge_words[j], below);
		}
		uint64_t microseconds = value(&figures->microseconds);
		buffer_print(out, "hacktiv_http_request_seconds_sum{route=\"%s\",method=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n", pattern, method,
		             microseconds / 1000000, microseconds % 1000000);
		buffer_print(out, "hacktiv_http_request_seconds_count{route=\"%s\",method=\"%s\"} %" PRIu64 "\n", pattern, method, below);
	}
}

static void print_counted(const struct metrics *metrics, struct buffer *out)
{
	static const struct {
		const char *name, *help;
	} counters[] = {
		[COUNTED_REPLAY] = { "hacktiv_idempotent_replays_total", "Answers given again for the same Idempotency-Key." },
		[COUNTED_SLOT_TAKEN] = { "hacktiv_slot_conflicts_total", "Bookings refused because somebody was first." },
		[COUNTED_BOOKED] = { "hacktiv_bookings_total", "Bookings made." },
		[COUNTED_THROTTLED] = { "hacktiv_throttled_total", "Requests refused because there were too many." },
	};
	for (size_t i = 0; i < COUNTEDS; i++) {
		head(out, counters[i].name, "counter", counters[i].help);
		buffer_print(out, "%s %" PRIu64 "\n", counters[i].name, value(&metrics->counted[i]));
	}
}

/* Under the names that every Prometheus client library gives them. */
static void print_process(const struct metrics *metrics, struct buffer *out)
{
	struct rusage used = { 0 };
	getrusage(RUSAGE_SELF, &used);
	int64_t microseconds = (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
	head(out, "process_cpu_seconds_total", "counter", "Processor time used.");
	buffer_print(out, "process_cpu_seconds_total %" PRId64 ".%06" PRId64 "\n", microseconds / 1000000, microseconds % 1000000);
	head(out, "process_start_time_seconds", "gauge", "When it was started, seconds since 1970.");
	buffer_print(out, "process_start_time_seconds %lld\n", (long long)metrics->started);
	head(out, "process_max_resident_memory_bytes", "gauge", "The most memory it ever held.");
	buffer_print(out, "process_max_resident_memory_bytes %lld\n", (long long)used.ru_maxrss * 1024);
}

static void print_gauges(const struct gauges *gauges, struct buffer *out)
{
	const struct {
		const char *name, *help;
		size_t value;
	} rows[] = {
		{ "hacktiv_connections", "Connections open.", gauges->connections },
		{ "hacktiv_sse_clients", "Listeners of the live feed.", gauges->listeners },
		{ "hacktiv_db_queue_depth", "Jobs waiting for the database.", gauges->jobs_waiting },
		{ "hacktiv_ready", "1 when requests can be served.", gauges->ready },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		head(out, rows[i].name, "gauge", rows[i].help);
		buffer_print(out, "%s %zu\n", rows[i].name, rows[i].value);
	}
}

void metrics_print(const struct metrics *metrics, const struct gauges *gauges,
                   void (*name_of)(size_t route, const char **method, const char **pattern), struct buffer *out)
{
	head(out, "hacktiv_build_info", "gauge", "Which hacktivd this is.");
	buffer_print(out, "hacktiv_build_info{version=\"%s\"} 1\n", HACKTIV_VERSION);
	print_requests(metrics, name_of, out);
	print_times(metrics, name_of, out);
	print_counted(metrics, out);
	print_gauges(gauges, out);
	print_process(metrics, out);
}
