/* network_file.c — see network_file.h. */
#include "network_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/wire.h"

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static const char *skip_space(const char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

static const char *skip_value(const char *at)
{
	int depth = 0;
	do {
		if (*at == '"') {
			at = skip_string(at);
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
		at++;
	} while (*at && (depth > 0 || (*at != ',' && *at != '}' && *at != ']' && !is_space(*at))));
	return at;
}

/* Where the value of a spot begins. The text has been parsed before, so it is well-formed. */
static const char *find(const struct spot *spot)
{
	if (!spot->above)
		return skip_space(spot->file->text.bytes);
	const char *parent = find(spot->above);
	const char *at = skip_space(parent + 1);
	for (size_t index = 0; *at && *at != '}' && *at != ']'; index++) {
		bool here = !spot->name && index == spot->index;
		if (spot->name) {
			const char *end = skip_string(at);
			size_t length = (size_t)(end - at) - 2;
			here = strlen(spot->name) == length && memcmp(at + 1, spot->name, length) == 0;
			at = skip_space(skip_space(end) + 1);
		}
		if (here)
			return at;
		at = skip_space(skip_value(at));
		if (*at == ',')
			at = skip_space(at + 1);
	}
	return parent;
}

static int line_of(const struct network_file *file, const char *at)
{
	int line = 1;
	for (const char *byte = file->text.bytes; byte < at; byte++)
		line += *byte == '\n';
	return line;
}

static void print_pointer(const struct spot *spot, struct buffer *out)
{
	if (!spot->above)
		return;
	print_pointer(spot->above, out);
	if (spot->name)
		buffer_add_text(out, wire_pointer(spot->file->arena, spot->name));
	else
		buffer_print(out, "/%zu", spot->index);
}

static const char *pointer_of(const struct spot *spot)
{
	struct buffer pointer;
	buffer_init(&pointer, TEXT_LINE_MAX);
	print_pointer(spot, &pointer);
	/* What stands twice is found by cJSON, which takes names that are no UTF-8. */
	const char *copy = "/";
	if (pointer.length)
		copy = text_clean(spot->file->arena, pointer.bytes, pointer.length, TEXT_ONE_LINE, TEXT_LINE_MAX);
	buffer_clear(&pointer);
	return copy;
}

static bool note(const struct spot *spot, const char *before, const char *format, va_list arguments)
{
	struct network_file *file = spot->file;
	if (file->fault_count++ >= FAULTS_MAX)
		return false;
	struct fault *fault = &file->faults[file->fault_count - 1];
	fault->line = line_of(file, find(spot));
	fault->pointer = pointer_of(spot);
	const char *sentence = arena_print_list(file->arena, format, arguments);
	fault->text = arena_print(file->arena, "%s: %s%s", fault->pointer, before, sentence);
	return false;
}

bool spot_wrong(const struct spot *spot, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	note(spot, "", format, arguments);
	va_end(arguments);
	return false;
}

#define FOUND_COLUMNS 40

/* What stands there, as far as it is short. */
static const char *found(const struct spot *spot)
{
	struct arena *arena = spot->file->arena;
	const cJSON *value = spot->value;
	if (!value)
		return "is missing, ";
	if (cJSON_IsString(value)) {
		const char *text = text_clean(arena, value->valuestring, strlen(value->valuestring), TEXT_ONE_LINE, TEXT_LINE_MAX);
		return arena_print(arena, "found \"%s\", ", text_clip(arena, text, FOUND_COLUMNS));
	}
	if (cJSON_IsNumber(value))
		return arena_print(arena, "found %.15g, ", value->valuedouble);
	if (cJSON_IsArray(value))
		return "found an array, ";
	if (cJSON_IsObject(value))
		return "found an object, ";
	return cJSON_IsTrue(value) ? "found true, " : cJSON_IsFalse(value) ? "found false, " : "found null, ";
}

bool spot_expected(const struct spot *spot, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	note(spot, arena_print(spot->file->arena, "%sexpected ", found(spot)), format, arguments);
	va_end(arguments);
	return false;
}

static int by_line(const void *a, const void *b)
{
	const struct fault *left = a, *right = b;
	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return strcmp(left->pointer, right->pointer);
}

bool network_file_judge(struct network_file *file, struct problem *why)
{
	if (file->fault_count == 0)
		return true;
	size_t kept = file->fault_count < FAULTS_MAX ? file->fault_count : FAULTS_MAX;
	qsort(file->faults, kept, sizeof *file->faults, by_line);
	return problem_set(why, PROBLEM_INVALID, file->faults[0].pointer, "%s:%d: %s", file->path, file->faults[0].line,
	                   file->faults[0].text);
}

static void tell_twice(const struct spot *spot)
{
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, spot->value) {
		struct spot at = spot_of_element(spot, index++, value);
		if (cJSON_IsObject(spot->value))
			at = spot_of_member(spot, value->string);
		if (at.value != value)
			spot_wrong(&at, "stands twice in one object");
		else
			tell_twice(&at);
	}
}

/* cJSON alone knows how far it came, and takes what stands twice; wire_parse() knows what we do not take. */
static bool not_json(struct network_file *file, struct problem *why)
{
	struct problem cause = *why;
	const char *end = file->text.bytes;
	file->root = cJSON_ParseWithLengthOpts(file->text.bytes, file->text.length, &end, false);
	if (!file->root)
		return problem_set(why, PROBLEM_INVALID, "", "%s:%d: expected JSON: %s", file->path, line_of(file, end), cause.text);
	struct spot root = spot_of_file(file);
	tell_twice(&root);
	if (network_file_judge(file, why))
		problem_set(why, PROBLEM_INVALID, "", "%s: expected JSON: %s", file->path, cause.text);
	return false;
}

bool network_file_open(struct network_file *file, const char *path, struct arena *arena, struct problem *why)
{
	*file = (struct network_file){ .path = text_clean(arena, path, strlen(path), TEXT_ONE_LINE, TEXT_LINE_MAX), .arena = arena };
	if (!path_read(path, NETWORK_FILE_MAX, &file->text, why)) {
		buffer_init(&file->text, NETWORK_FILE_MAX);
		return false;
	}
	file->root = wire_parse(file->text.bytes, file->text.length, why);
	return file->root || not_json(file, why);
}

void network_file_take(struct network_file *file, cJSON *root, struct arena *arena)
{
	*file = (struct network_file){ .path = "", .arena = arena, .root = root };
	char *text = cJSON_PrintUnformatted(root);
	buffer_init(&file->text, NETWORK_FILE_MAX);
	buffer_add_text(&file->text, text ? text : "");
	cJSON_free(text);
}

void network_file_close(struct network_file *file)
{
	cJSON_Delete(file->root);
	buffer_clear(&file->text);
}

struct spot spot_of_file(struct network_file *file)
{
	return (struct spot){ .file = file, .value = file->root };
}

struct spot spot_of_member(const struct spot *above, const char *name)
{
	return (struct spot){ .file = above->file, .above = above, .name = name,
		              .value = cJSON_GetObjectItemCaseSensitive(above->value, name) };
}

struct spot spot_of_element(const struct spot *above, size_t index, const cJSON *value)
{
	return (struct spot){ .file = above->file, .above = above, .index = index, .value = value };
}

bool is_named(const char *name, const char *const *known, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, known[i]) == 0)
			return true;
	return false;
}

static void tell_unknown(const struct spot *spot, const char *member, const char *const *known, size_t count)
{
	struct buffer names;
	buffer_init(&names, TEXT_LINE_MAX);
	for (size_t i = 0; i < count; i++)
		buffer_print(&names, "%s%s", i ? ", " : "", known[i]);
	const char *name = text_clean(spot->file->arena, member, strlen(member), TEXT_ONE_LINE, 60);
	struct spot slip = spot_of_member(spot, name);
	spot_wrong(&slip, "is not known here, expected one of %s", names.bytes);
	buffer_clear(&names);
}

bool spot_is_object(const struct spot *spot, const char *const *known, size_t count)
{
	if (!cJSON_IsObject(spot->value))
		return spot_expected(spot, "an object");
	const cJSON *member = NULL;
	cJSON_ArrayForEach(member, spot->value)
		if (!is_named(member->string, known, count))
			tell_unknown(spot, member->string, known, count);
	return true;
}

bool spot_is_array(const struct spot *spot)
{
	return cJSON_IsArray(spot->value) || spot_expected(spot, "an array");
}

bool spot_text(const struct spot *spot, const char *name, enum text_shape shape, size_t most, const char *fallback,
               const char **out)
{
	struct spot at = spot_of_member(spot, name);
	*out = fallback ? fallback : "";
	if (!at.value && fallback)
		return true;
	if (!cJSON_IsString(at.value))
		return spot_expected(&at, "text");
	size_t length = strlen(at.value->valuestring);
	if (length > most)
		return spot_expected(&at, "at most %zu bytes of text, not %zu", most, length);
	*out = text_clean(spot->file->arena, at.value->valuestring, length, shape, most);
	if (!fallback && !**out)
		return spot_expected(&at, "text that is not empty");
	return true;
}

bool spot_int(const struct spot *spot, const char *name, int least, int most, int fallback, int *out)
{
	struct spot at = spot_of_member(spot, name);
	*out = fallback;
	if (!at.value)
		return true;
	double number = cJSON_IsNumber(at.value) ? at.value->valuedouble : (double)least - 1;
	if (!(number >= least && number <= most) || number != (double)(int)number)
		return spot_expected(&at, "a whole number from %d to %d", least, most);
	*out = (int)number;
	return true;
}

bool spot_bool(const struct spot *spot, const char *name, bool fallback, bool *out)
{
	struct spot at = spot_of_member(spot, name);
	*out = at.value ? cJSON_IsTrue(at.value) : fallback;
	return !at.value || cJSON_IsBool(at.value) || spot_expected(&at, "true or false");
}

bool spot_slug(const struct spot *spot, const char *name, bool dots, const char **out)
{
	struct spot at = spot_of_member(spot, name);
	*out = "";
	if (!cJSON_IsString(at.value) || !login_is_written(at.value->valuestring) || (!dots && strchr(at.value->valuestring, '.')))
		return spot_expected(&at, "a short name of a-z, 0-9%s and hyphens between them", dots ? ", dots" : "");
	*out = arena_copy_text(spot->file->arena, at.value->valuestring);
	return true;
}

bool spot_minutes(const struct spot *spot, int *minutes)
{
	*minutes = 0;
	return (cJSON_IsString(spot->value) && minutes_from_text(spot->value->valuestring, minutes)) ||
	       spot_expected(spot, "a time of day such as \"08:30\"");
}

#define RELATIVE_DAYS_MAX 9999

static bool relative_date(const char *text, struct local_date today, struct local_date *date)
{
	if (strcmp(text, "today") == 0) {
		*date = today;
		return true;
	}
	if (text[0] != '+' && text[0] != '-')
		return false;
	char *end = NULL;
	long days = text[1] >= '0' && text[1] <= '9' ? strtol(text, &end, 10) : RELATIVE_DAYS_MAX + 1;
	if (days < -RELATIVE_DAYS_MAX || days > RELATIVE_DAYS_MAX || strcmp(end, "d") != 0)
		return false;
	*date = date_plus(today, (int)days);
	return date_is_valid(*date);
}

bool spot_date(const struct spot *spot, struct local_date today, struct local_date *date)
{
	const char *text = cJSON_IsString(spot->value) ? spot->value->valuestring : "";
	if (relative_date(text, today, date) || date_from_iso(text, date, NULL))
		return true;
	*date = today;
	return spot_expected(spot, "a date such as \"2026-12-24\", \"today\" or \"+16d\"");
}
