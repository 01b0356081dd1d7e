/* postgres_wire.c — statements on a connection in pipeline mode, see postgres.h.
 *
 * After an error the server skips what comes until a Sync, and answers each of it with "aborted"; so nothing that was sent behind a
 * failure ever takes effect, and the first error is the one that counts. */
#include "kept.h"
#include "postgres.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types as pg_type numbers them: the same in every PostgreSQL. */
#define TYPE_BYTES 17
#define TYPE_INT 20
#define TYPE_TEXT 25

#define ANSWER_MAX_MS 10000      /* statement_timeout ends any before: a server that says nothing is gone */
#define UNANSWERED_MAX 512       /* statements; then their answers are taken */

struct prepared {
	const char *text;
	char *translated;
	Oid types[PARAMETERS_MAX];   /* as bound: one text may be prepared for several */
	int parameters;
	char name[16];
	bool sent;
	struct prepared *next;
};

struct parameter {
	Oid type;
	bool is_null;
	size_t at;                   /* in `bytes` */
	size_t length;
};

struct postgres_statement {
	struct statement base;
	struct postgres_connection *connection;
	const char *text;
	struct parameter parameters[PARAMETERS_MAX];
	char *bytes;
	size_t length, room;
	PGresult *result;
	bool sent;
	bool answered;
	int row;
	struct postgres_statement *next;
};

/* ---- trouble --------------------------------------------------------------------------------------------------------- */

enum trouble trouble_of(const char *state)
{
	static const struct {
		const char *begins;
		enum trouble trouble;
	} known[] = {
		{ "23", TROUBLE_REFUSED },
		{ "40", TROUBLE_AGAIN },         /* serialization failure, deadlock */
		{ "55P03", TROUBLE_AGAIN },      /* lock_timeout */
		{ "08", TROUBLE_LOST },
		{ "57P", TROUBLE_LOST },         /* it shuts down, crashed, or starts */
		{ "25006", TROUBLE_LOST },       /* read-only: it became a standby */
		{ "25P03", TROUBLE_LOST },       /* idle in a transaction for too long */
		{ "0A000", TROUBLE_LOST },       /* a plan made before the tables changed */
		{ "26000", TROUBLE_LOST },       /* prepared statements were discarded */
	};
	if (!state)
		return TROUBLE_LOST;
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strncmp(state, known[i].begins, strlen(known[i].begins)) == 0)
			return known[i].trouble;
	return TROUBLE_STORAGE;
}

static void note_trouble(struct postgres_connection *connection, enum trouble trouble, bool presumed, size_t job, const char *words)
{
	if (connection->trouble != TROUBLE_NONE && trouble != TROUBLE_LOST)
		return;
	connection->trouble = trouble;
	connection->presumed = presumed;
	connection->troubled_job = job;
	snprintf(connection->trouble_words, sizeof connection->trouble_words, "%s", words);
}

void wire_forget_trouble(struct postgres_connection *connection)
{
	connection->trouble = TROUBLE_NONE;
	connection->presumed = false;
	connection->troubled_job = NO_JOB;
	connection->trouble_words[0] = '\0';
}

static void lose(struct postgres_connection *connection)
{
	if (connection->wire) {
		note_trouble(connection, TROUBLE_LOST, false, NO_JOB, "the connection to PostgreSQL is lost");
		log_line(LOG_LEVEL_WARNING, "storage: %s", connection->trouble_words);
	}
	wire_close(connection);
}

/* The first line of what it says, and its SQLSTATE; never the detail, which quotes rows. */
static void note_result(struct postgres_connection *connection, const PGresult *result, bool presumed, size_t job)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char words[sizeof connection->trouble_words];
	snprintf(words, sizeof words, "%s (SQLSTATE %s)", message ? message : "no words", state ? state : "none");
	note_trouble(connection, trouble_of(state), presumed, job, words);
}

/* ---- what is sent and what is answered -------------------------------------------------------------------------------- */

static void expect(struct postgres_connection *connection, struct pending pending)
{
	if (connection->pending_count == connection->pending_room) {
		size_t room = connection->pending_room ? 2 * connection->pending_room : 64;
		struct pending *larger = memory_get(room * sizeof *larger);
		for (size_t i = 0; i < connection->pending_count; i++)
			larger[i] = connection->pending[(connection->pending_first + i) % connection->pending_room];
		free(connection->pending);
		connection->pending = larger;
		connection->pending_room = room;
		connection->pending_first = 0;
	}
	connection->pending[(connection->pending_first + connection->pending_count++) % connection->pending_room] = pending;
}

/* Sends what waits to be sent while it waits for what comes. NULL: the end of one answer, or the connection is lost. */
static PGresult *next_result(struct postgres_connection *connection)
{
	PGconn *wire = connection->wire;
	for (;;) {
		int unsent = PQflush(wire);
		if (unsent == 0 && !PQisBusy(wire))
			return PQgetResult(wire);
		struct pollfd on = { .fd = PQsocket(wire), .events = (short)(POLLIN | (unsent > 0 ? POLLOUT : 0)) };
		int ready = unsent < 0 ? -1 : poll(&on, 1, ANSWER_MAX_MS);
		if ((ready < 0 && (errno != EINTR || unsent < 0)) || ready == 0 || !PQconsumeInput(wire)) {
			/* What the server said last of all may still be read. */
			PGresult *last = PQstatus(wire) == CONNECTION_BAD ? PQgetResult(wire) : NULL;
			if (last)
				note_result(connection, last, false, NO_JOB);
			PQclear(last);
			lose(connection);
			return NULL;
		}
	}
}

static void take_rows(struct postgres_connection *connection, struct pending *pending, PGresult *result)
{
	if (pending->kind == PENDING_CHANGE)
		connection->changes = strtoll(PQcmdTuples(result), NULL, 10);
	if (pending->rows) {
		pending->rows->result = result;
		pending->rows->answered = true;
	} else {
		PQclear(result);
	}
}

static void take_error(struct postgres_connection *connection, struct pending *pending, PGresult *result)
{
	if (pending->kind == PENDING_PREPARE)
		pending->prepared->sent = false;
	if (PQresultStatus(result) != PGRES_PIPELINE_ABORTED)
		note_result(connection, result, !pending->rows && !connection->careful, pending->job);
	PQclear(result);
}

/* The answer to what was sent first. */
static void take_one(struct postgres_connection *connection)
{
	struct pending pending = connection->pending[connection->pending_first];
	PGresult *result = next_result(connection);
	if (!connection->wire)
		return;
	connection->pending_first = (connection->pending_first + 1) % connection->pending_room;
	connection->pending_count--;
	switch (PQresultStatus(result)) {
	case PGRES_PIPELINE_SYNC:
		PQclear(result);
		return;
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
		take_rows(connection, &pending, result);
		break;
	default:   /* not an enum of ours: all that is left is an error */
		take_error(connection, &pending, result);
	}
	while (connection->wire && (result = next_result(connection)))
		PQclear(result);
}

bool wire_collect(struct postgres_connection *connection)
{
	while (connection->wire && connection->pending_count)
		take_one(connection);
	if (connection->wire && PQstatus(connection->wire) == CONNECTION_BAD)
		lose(connection);
	return connection->trouble == TROUBLE_NONE;
}

bool wire_settle(struct postgres_connection *connection)
{
	if (connection->wire && connection->pending_count && !PQsendFlushRequest(connection->wire))
		lose(connection);
	return wire_collect(connection);
}

static void sync(struct postgres_connection *connection)
{
	if (!connection->wire)
		return;
	if (!PQpipelineSync(connection->wire)) {
		lose(connection);
		return;
	}
	expect(connection, (struct pending){ .kind = PENDING_SYNC, .job = NO_JOB });
}

bool wire_recover(struct postgres_connection *connection)
{
	sync(connection);
	wire_collect(connection);
	return connection->wire != NULL;
}

void wire_push(struct postgres_connection *connection)
{
	if (connection->wire && PQflush(connection->wire) < 0)
		lose(connection);
}

void wire_let_go(struct postgres_connection *connection)
{
	sync(connection);
	wire_push(connection);
}

/* ---- prepared statements ---------------------------------------------------------------------------------------------- */

static size_t skip_quoted(const char *text, size_t at)
{
	char quote = text[at++];
	while (text[at] && text[at] != quote)
		at++;
	return text[at] ? at + 1 : at;
}

/* `?` and `?7` become `$1` and `$7`, as SQLite numbers them: a bare one is one more than the highest so far. */
static char *translate(const char *text, int *parameters)
{
	struct buffer out;
	buffer_init(&out, 4 * strlen(text) + 16);
	int highest = 0;
	for (size_t at = 0; text[at]; ) {
		if (text[at] == '\'' || text[at] == '"') {
			size_t end = skip_quoted(text, at);
			buffer_add(&out, text + at, end - at);
			at = end;
		} else if (text[at] == '?') {
			char *end;
			long number = strtol(text + at + 1, &end, 10);
			if (end == text + at + 1)
				number = highest + 1;
			if (number > highest)
				highest = (int)number;
			buffer_print(&out, "$%ld", number);
			at = (size_t)(end - text);
		} else {
			buffer_add(&out, text + at++, 1);
		}
	}
	if (highest > PARAMETERS_MAX)
		die("a statement has too many parameters");
	*parameters = highest;
	char *translated = memory_copy_text(out.bytes);
	buffer_clear(&out);
	return translated;
}

static struct prepared **bucket_of(struct postgres_connection *connection, const char *text)
{
	uintptr_t key = (uintptr_t)text;
	return &connection->prepared[(key ^ key >> 8 ^ key >> 16) % PREPARED_BUCKETS];
}

static struct prepared *find_prepared(struct postgres_connection *connection, const char *text, const Oid types[PARAMETERS_MAX])
{
	struct prepared **bucket = bucket_of(connection, text);
	for (struct prepared *prepared = *bucket; prepared; prepared = prepared->next)
		if (prepared->text == text && memcmp(prepared->types, types, sizeof prepared->types) == 0)
			return prepared;
	struct prepared *prepared = memory_get(sizeof *prepared);
	*prepared = (struct prepared){ .text = text, .next = *bucket };
	prepared->translated = translate(text, &prepared->parameters);
	memcpy(prepared->types, types, sizeof prepared->types);
	snprintf(prepared->name, sizeof prepared->name, "s%u", connection->names++);
	*bucket = prepared;
	return prepared;
}

static void forget_prepared(struct postgres_connection *connection)
{
	for (size_t i = 0; i < PREPARED_BUCKETS; i++)
		for (struct prepared *next; connection->prepared[i]; connection->prepared[i] = next) {
			next = connection->prepared[i]->next;
			free(connection->prepared[i]->translated);
			free(connection->prepared[i]);
		}
}

static void send_prepared(struct postgres_connection *connection, struct prepared *prepared, const char *const *values,
                          const int *lengths, const int *formats, struct pending pending)
{
	pending.prepared = prepared;
	pending.job = connection->job;
	if (!prepared->sent) {
		if (!PQsendPrepare(connection->wire, prepared->name, prepared->translated, prepared->parameters, prepared->types)) {
			lose(connection);
			return;
		}
		prepared->sent = true;
		expect(connection, (struct pending){ .kind = PENDING_PREPARE, .prepared = prepared, .job = pending.job });
	}
	if (!PQsendQueryPrepared(connection->wire, prepared->name, prepared->parameters, values, lengths, formats, 0))
		lose(connection);
	else
		expect(connection, pending);
}

static const Oid no_types[PARAMETERS_MAX];

void wire_control(struct postgres_connection *connection, const char *text)
{
	if (connection->wire)
		send_prepared(connection, find_prepared(connection, text, no_types), NULL, NULL, NULL,
		              (struct pending){ .kind = PENDING_CONTROL });
}

#define PLAN_AGAIN_FIRST 4u
#define PLAN_AGAIN_MOST 4096u

void wire_plan_again(struct postgres_connection *connection)
{
	if (++connection->uses < connection->plan_again_at)
		return;
	wire_control(connection, "DISCARD PLANS");
	connection->plan_again_at += connection->uses < PLAN_AGAIN_MOST ? 3 * connection->uses : PLAN_AGAIN_MOST;
}

void wire_lock(struct postgres_connection *connection, const char *lane)
{
	static const char lock[] = "SELECT 1 FROM feed f JOIN space s ON s.id = f.space_id WHERE s.id = ?1 OR s.slug = ?1 FOR UPDATE OF f";
	static const Oid types[PARAMETERS_MAX] = { TYPE_TEXT };
	if (connection->wire)
		send_prepared(connection, find_prepared(connection, lock, types), &lane, &(int){ 0 }, &(int){ 0 },
		              (struct pending){ .kind = PENDING_CONTROL });
}

/* ---- statements -------------------------------------------------------------------------------------------------------- */

static struct postgres_statement *ours_of(struct statement *statement)
{
	return (struct postgres_statement *)statement;
}

static void bind(struct statement *base, int at, Oid type, const void *bytes, size_t length)
{
	struct postgres_statement *statement = ours_of(base);
	if (at < 1 || at > PARAMETERS_MAX)
		die("a statement has too many parameters");
	if (statement->room - statement->length < length + 1) {
		size_t room = 2 * (statement->length + length) + 256;
		char *larger = memory_get(room);
		if (statement->length)
			memcpy(larger, statement->bytes, statement->length);
		free(statement->bytes);
		statement->bytes = larger;
		statement->room = room;
	}
	statement->parameters[at - 1] = (struct parameter){ type, !bytes, statement->length, length };
	if (bytes)
		memcpy(statement->bytes + statement->length, bytes, length);
	statement->length += length;
	statement->bytes[statement->length++] = '\0';
}

static void postgres_bind_text(struct statement *statement, int at, const char *text)
{
	bind(statement, at, TYPE_TEXT, text, text ? strlen(text) : 0);
}

static void postgres_bind_int(struct statement *statement, int at, int64_t value)
{
	unsigned char bytes[8];
	for (int i = 7; i >= 0; i--, value = (int64_t)((uint64_t)value >> 8))
		bytes[i] = (unsigned char)value;
	bind(statement, at, TYPE_INT, bytes, sizeof bytes);
}

static void postgres_bind_blob(struct statement *statement, int at, const void *bytes, size_t length)
{
	bind(statement, at, TYPE_BYTES, bytes ? bytes : "", length);
}

static void send_statement(struct postgres_statement *statement, struct pending pending)
{
	struct postgres_connection *connection = statement->connection;
	if (!connection->wire)
		return;
	Oid types[PARAMETERS_MAX];
	const char *values[PARAMETERS_MAX];
	int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
	for (size_t i = 0; i < PARAMETERS_MAX; i++) {
		const struct parameter *parameter = &statement->parameters[i];
		types[i] = parameter->type;
		values[i] = parameter->type == 0 || parameter->is_null ? NULL : statement->bytes + parameter->at;
		lengths[i] = (int)parameter->length;
		formats[i] = parameter->type == TYPE_TEXT ? 0 : 1;
	}
	send_prepared(connection, find_prepared(connection, statement->text, types), values, lengths, formats, pending);
	if (connection->pending_count > UNANSWERED_MAX)
		wire_settle(connection);
}

/* What a job is told: nothing where it will run again. */
static enum step_end failed(struct postgres_connection *connection, struct problem *why)
{
	if (connection->presumed || connection->trouble == TROUBLE_AGAIN || connection->trouble == TROUBLE_LOST)
		return STEP_FAILED;
	problem_set(why, PROBLEM_IO, "database", "%s", connection->trouble_words);
	return connection->trouble == TROUBLE_REFUSED ? STEP_REFUSED : STEP_FAILED;
}

static void postgres_ask(struct statement *base)
{
	struct postgres_statement *statement = ours_of(base);
	struct postgres_connection *connection = statement->connection;
	if (connection->trouble != TROUBLE_NONE || !connection->wire)
		return;
	statement->sent = true;
	send_statement(statement, (struct pending){ .kind = PENDING_ROWS, .rows = statement });
}

static enum step_end postgres_row(struct statement *base, struct problem *why)
{
	struct postgres_statement *statement = ours_of(base);
	struct postgres_connection *connection = statement->connection;
	if (!statement->answered) {
		if (connection->trouble == TROUBLE_NONE && connection->wire && !statement->sent)
			postgres_ask(base);
		if (!wire_settle(connection) || !statement->answered)
			return failed(connection, why);
	}
	return ++statement->row < PQntuples(statement->result) ? STEP_ROW : STEP_END;
}

/* Where a refusal is an answer it must not spoil what came before it. */
static enum step_end change_carefully(struct postgres_statement *statement, bool may_refuse, struct problem *why)
{
	struct postgres_connection *connection = statement->connection;
	if (may_refuse)
		wire_control(connection, "SAVEPOINT statement");
	send_statement(statement, (struct pending){ .kind = PENDING_CHANGE, .rows = statement });
	if (wire_settle(connection)) {
		if (may_refuse)
			wire_control(connection, "RELEASE statement");
		return STEP_END;
	}
	enum step_end end = failed(connection, why);
	if (end == STEP_REFUSED && may_refuse && wire_recover(connection)) {
		wire_forget_trouble(connection);
		wire_control(connection, "ROLLBACK TO statement");
		wire_control(connection, "RELEASE statement");
	}
	return end;
}

static enum step_end postgres_change(struct statement *base, bool may_refuse, struct problem *why)
{
	struct postgres_statement *statement = ours_of(base);
	struct postgres_connection *connection = statement->connection;
	if (connection->trouble != TROUBLE_NONE || !connection->wire)
		return failed(connection, why);
	if (connection->careful)
		return change_carefully(statement, may_refuse, why);
	send_statement(statement, (struct pending){ .kind = PENDING_CHANGE });
	return connection->trouble == TROUBLE_NONE ? STEP_END : failed(connection, why);
}

static const char *postgres_text(struct statement *base, int column, struct arena *arena)
{
	struct postgres_statement *statement = ours_of(base);
	if (PQgetisnull(statement->result, statement->row, column))
		return NULL;
	return arena_copy_bytes(arena, PQgetvalue(statement->result, statement->row, column),
	                        (size_t)PQgetlength(statement->result, statement->row, column));
}

/* Booleans come as "t" and "f". */
static int64_t postgres_integer(struct statement *base, int column)
{
	struct postgres_statement *statement = ours_of(base);
	const char *text = PQgetvalue(statement->result, statement->row, column);
	return *text == 't' ? 1 : strtoll(text, NULL, 10);
}

static unsigned nibble(char digit)
{
	return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a' + 10);
}

/* Bytes come as "\x" and two digits for each. */
static const void *postgres_blob(struct statement *base, int column, struct arena *arena, size_t *length)
{
	struct postgres_statement *statement = ours_of(base);
	const char *text = PQgetvalue(statement->result, statement->row, column);
	size_t digits = (size_t)PQgetlength(statement->result, statement->row, column);
	*length = digits >= 2 ? (digits - 2) / 2 : 0;
	unsigned char *bytes = arena_get(arena, *length + 1);
	for (size_t i = 0; i < *length; i++)
		bytes[i] = (unsigned char)(nibble(text[2 + 2 * i]) << 4 | nibble(text[3 + 2 * i]));
	return bytes;
}

static bool postgres_is_null(struct statement *base, int column)
{
	struct postgres_statement *statement = ours_of(base);
	return PQgetisnull(statement->result, statement->row, column) != 0;
}

static int postgres_columns(struct statement *base)
{
	return PQnfields(ours_of(base)->result);
}

static const char *postgres_column_name(struct statement *base, int column)
{
	return PQfname(ours_of(base)->result, column);
}

static enum row_type postgres_type(struct statement *base, int column)
{
	if (postgres_is_null(base, column))
		return ROW_NULL;
	switch (PQftype(ours_of(base)->result, column)) {
	case TYPE_INT:
		return ROW_INT;
	case TYPE_BYTES:
		return ROW_BLOB;
	default:
		return ROW_TEXT;
	}
}

static void postgres_done(struct statement *base)
{
	struct postgres_statement *statement = ours_of(base);
	/* One that was asked for nothing: its answer must not come to whoever has its place next. */
	if (statement->sent && !statement->answered)
		wire_settle(statement->connection);
	PQclear(statement->result);
	statement->result = NULL;
	statement->next = statement->connection->idle;
	statement->connection->idle = statement;
}

static const struct statement_ops statement_ops = {
	postgres_bind_text, postgres_bind_int, postgres_bind_blob, postgres_row, postgres_change, postgres_text, postgres_integer,
	postgres_blob, postgres_is_null, postgres_columns, postgres_column_name, postgres_type, postgres_done,
};

static struct statement *postgres_prepare(struct connection *base, const char *text)
{
	struct postgres_connection *connection = (struct postgres_connection *)base;
	struct postgres_statement *statement = connection->idle;
	if (statement)
		connection->idle = statement->next;
	else
		statement = memory_get(sizeof *statement);
	char *bytes = statement->bytes;
	size_t room = statement->room;
	*statement = (struct postgres_statement){ .base = { &statement_ops }, .connection = connection, .text = text,
		                                  .bytes = bytes, .room = room, .row = -1 };
	return &statement->base;
}

static int64_t postgres_changes(struct connection *base)
{
	struct postgres_connection *connection = (struct postgres_connection *)base;
	return wire_settle(connection) ? connection->changes : 0;
}

static void postgres_take_long(struct connection *connection)
{
	wire_control((struct postgres_connection *)connection, "SET LOCAL statement_timeout = 0");
	wire_control((struct postgres_connection *)connection, "SET LOCAL idle_in_transaction_session_timeout = 0");
}

static const struct connection_ops connection_ops = { postgres_prepare, postgres_changes, postgres_take_long, postgres_ask };

/* ---- a connection's life ------------------------------------------------------------------------------------------------ */

void wire_begin(struct postgres_connection *connection, PGconn *wire)
{
	connection->base.ops = &connection_ops;
	connection->wire = wire;
	connection->uses = 0;
	connection->plan_again_at = PLAN_AGAIN_FIRST;
	if (!connection->kept)
		connection->kept = kept_new();
	connection->pending_count = connection->pending_first = 0;
	wire_forget_trouble(connection);
	PQsetnonblocking(wire, 1);
	PQenterPipelineMode(wire);
}

void wire_end(struct postgres_connection *connection)
{
	wire_close(connection);
	kept_free(connection->kept);
	connection->kept = NULL;
	for (struct postgres_statement *next; connection->idle; connection->idle = next) {
		next = connection->idle->next;
		free(connection->idle->bytes);
		free(connection->idle);
	}
	free(connection->pending);
	connection->pending = NULL;
	connection->pending_room = 0;
}

void wire_close(struct postgres_connection *connection)
{
	PQfinish(connection->wire);
	connection->wire = NULL;
	connection->pending_count = connection->pending_first = 0;
	forget_prepared(connection);
}
