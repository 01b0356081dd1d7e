/* replay.c — runs a fuzz target without libFuzzer; prints TAP. First the kept corpus, each input whole and cut at every byte (the
 * first CUTS_MAX), then what comes of changing it at random, always in the same order, for HACKTIV_FUZZ_SECONDS (2; 20 when
 * HACKTIV_TEST_LONG is set; 0: not at all).
 *
 * What breaks a target, or holds it for more than INPUT_SECONDS, is kept as ./found-TARGET: look at it, mend the fault, and move
 * it into the corpus. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "hacktiv/base.h"

#define INPUT_MAX     (1u << 20)
#define CHANGED_MAX   (1u << 16)
#define CUTS_MAX      2048u
#define INPUT_SECONDS 20

/* ---- one input ---- */

static const uint8_t *running;
static size_t running_length;
static char found[200], told[300];

/* Only what a signal handler may call. */
static void keep(int number)
{
	int file = open(found, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (file >= 0 && write(file, running, running_length) == (ssize_t)running_length)
		(void)!write(STDOUT_FILENO, told, strlen(told));
	signal(number == SIGALRM ? SIGABRT : number, SIG_DFL);
	raise(number == SIGALRM ? SIGABRT : number);
}

static void watch(const char *corpus)
{
	const char *slash = strrchr(corpus, '/');
	snprintf(found, sizeof found, "found-%s", slash ? slash + 1 : corpus);
	snprintf(told, sizeof told, "# the input is kept as ./%s\n", found);
	static const int numbers[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM };
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		struct sigaction now;
		if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)   /* a sanitizer's own tells more */
			signal(numbers[i], keep);
	}
}

/* A copy that ends where its memory ends, so that the sanitiser sees one byte too many. */
static void run(const char *bytes, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	MUST(copy);
	if (length)
		memcpy(copy, bytes, length);
	running = copy;
	running_length = length;
	alarm(INPUT_SECONDS);
	LLVMFuzzerTestOneInput(copy, length);
	alarm(0);
	free(copy);
}

/* ---- changes ---- */

struct bytes { char *at; size_t length; };

struct fuzz {
	struct bytes *inputs;
	size_t count;
	uint64_t random;
	char changed[CHANGED_MAX];
	size_t length;
};

/* xorshift64*, Vigna 2014: the same numbers on every machine. */
static size_t pick(struct fuzz *fuzz, size_t below)
{
	fuzz->random ^= fuzz->random >> 12;
	fuzz->random ^= fuzz->random << 25;
	fuzz->random ^= fuzz->random >> 27;
	return below ? (size_t)((fuzz->random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below : 0;
}

/* What parsers stumble over. */
static const char *const words[] = {
	"{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1", "0", "1e99", "2147483648", "9007199254740993", "[[[[[[[[", "{}", "[]", "\"\"",
	"\\u0000", "\\u202e", "\\ud800", "\\u001b[31m", "\033[", "\033]0;", "\033O", "\033[200~", "\033[201~", "\302\233", "\342\200\256",
	"\357\273\277", "\360\237\217\273", "\314\201", "\300\200", "\377", "\r\n", "\t", "=", ";", "(", ")", "#", "//", "/*", "@include \"x\"", "%s%n",
	"31/2", "29/2", "+9999d", "2100-12-31", "0000-00-00", "24:00", "T00:00:00+14:00", "-", "a", " ", "../", "%", "~1", "\"items\":",
	"\"next\":", "\"id\":",
};

static void insert(struct fuzz *fuzz, size_t at, const char *bytes, size_t length)
{
	if (fuzz->length + length > CHANGED_MAX)
		return;
	memmove(fuzz->changed + at + length, fuzz->changed + at, fuzz->length - at);
	memmove(fuzz->changed + at, bytes, length);
	fuzz->length += length;
}

static void drop(struct fuzz *fuzz, size_t at, size_t length)
{
	memmove(fuzz->changed + at, fuzz->changed + at + length, fuzz->length - at - length);
	fuzz->length -= length;
}

/* A piece of any input, at most 64 bytes of it mostly. */
static struct bytes piece(struct fuzz *fuzz)
{
	const struct bytes *from = &fuzz->inputs[pick(fuzz, fuzz->count)];
	size_t at = pick(fuzz, from->length + 1);
	size_t most = pick(fuzz, 8) ? 64 : from->length;
	size_t left = from->length - at;
	return (struct bytes){ from->at + at, pick(fuzz, (left < most ? left : most) + 1) };
}

static void change(struct fuzz *fuzz)
{
	size_t at = pick(fuzz, fuzz->length + 1), left = fuzz->length - at;
	char byte = (char)pick(fuzz, 256);
	const char *word = words[pick(fuzz, COUNT_OF(words))];
	struct bytes other = piece(fuzz);
	switch (pick(fuzz, 7)) {
	case 0:
		if (left)
			fuzz->changed[at] = (char)(fuzz->changed[at] ^ (1 << pick(fuzz, 8)));
		return;
	case 1:
		if (left)
			fuzz->changed[at] = byte;
		return;
	case 2:
		insert(fuzz, at, &byte, 1);
		return;
	case 3:
		drop(fuzz, at, pick(fuzz, (left < 32 ? left : 32) + 1));
		return;
	case 4:
		drop(fuzz, at, pick(fuzz, (left < 8 ? left : 8) + 1));
		insert(fuzz, at, word, strlen(word));
		return;
	case 5:
		insert(fuzz, at, word, strlen(word));
		return;
	case 6:
		insert(fuzz, at, other.at, other.length);
		return;
	}
}

static int seconds_to_run(void)
{
	const char *given = getenv("HACKTIV_FUZZ_SECONDS"), *is_long = getenv("HACKTIV_TEST_LONG");
	return given && *given ? (int)strtol(given, NULL, 10) : is_long && *is_long ? 20 : 2;
}

static unsigned run_changed(struct fuzz *fuzz)
{
	int64_t until_ms = clock_monotonic_ms() + 1000 * (int64_t)seconds_to_run();
	unsigned runs = 0;
	for (; clock_monotonic_ms() < until_ms; runs++) {
		const struct bytes *from = &fuzz->inputs[pick(fuzz, fuzz->count)];
		fuzz->length = from->length < CHANGED_MAX ? from->length : CHANGED_MAX;
		memcpy(fuzz->changed, from->at, fuzz->length);
		for (size_t changes = 1 + pick(fuzz, 6); changes > 0; changes--)
			change(fuzz);
		run(fuzz->changed, fuzz->length);
	}
	return runs;
}

/* ---- all of it ---- */

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static struct bytes read_input(const char *directory, const char *name)
{
	struct arena *arena = arena_new();
	struct buffer input;
	MUST(path_read(arena_print(arena, "%s/%s", directory, name), INPUT_MAX, &input, NULL));
	arena_free(arena);
	return (struct bytes){ input.bytes, input.length };
}

static void replay(const struct bytes *input)
{
	for (size_t cut = 0; cut < input->length && cut < CUTS_MAX; cut++)
		run(input->at, cut);
	run(input->at, input->length);
}

int main(int count, char **arguments)
{
	struct dirent **entries = NULL;
	int number = count == 2 ? scandir(arguments[1], &entries, is_input, alphasort) : -1;
	if (number < 1) {
		printf("1..0 # no corpus\nBail out! usage: replay DIRECTORY\n");
		return 1;
	}
	watch(arguments[1]);
	printf("1..%d\n", number + 1);
	struct fuzz *fuzz = memory_get(sizeof *fuzz);
	fuzz->inputs = memory_get_array((size_t)number, sizeof *fuzz->inputs);
	fuzz->random = UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < number; i++) {
		struct bytes *input = &fuzz->inputs[fuzz->count++];
		*input = read_input(arguments[1], entries[i]->d_name);
		replay(input);
		printf("ok %d - %s\n", i + 1, entries[i]->d_name);
		fflush(stdout);
		free(entries[i]);
	}
	free(entries);
	unsigned runs = run_changed(fuzz);
	printf("ok %d - changed at random\n# %u inputs\n", number + 1, runs);
	for (size_t i = 0; i < fuzz->count; i++)
		free(fuzz->inputs[i].at);
	free(fuzz->inputs);
	free(fuzz);
	return 0;
}
