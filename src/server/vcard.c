/* vcard.c — see vcard.h. */
#include "vcard.h"

#include <ctype.h>
#include <string.h>

#define LINE_OCTETS 75u

/* What a TEXT value escapes; `;` only parts the components of one that has several, and may be escaped in any (RFC 6350, 3.4). */
static void add_escaped(struct buffer *line, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			buffer_add_text(line, "\\n");
		else if (strchr("\\,;", *text))
			buffer_print(line, "\\%c", *text);
		else
			buffer_add(line, text, 1);
	}
}

static bool is_inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* At most so many octets to a line, none of them within a character (RFC 6350, 3.2). */
static void add_folded(struct buffer *out, const char *line)
{
	size_t room = LINE_OCTETS, length = strlen(line);
	while (length > room) {
		size_t cut = room;
		while (cut > 1 && is_inside(line[cut]))
			cut--;
		buffer_add(out, line, cut);
		buffer_add_text(out, "\r\n ");
		line += cut;
		length -= cut;
		room = LINE_OCTETS - 1;
	}
	buffer_print(out, "%s\r\n", line);
}

/* `name` with all up to the value: "ADR:;;;". */
static void add_line(struct buffer *out, const char *name, const char *value, const char *after)
{
	struct buffer line;
	if (!*value && !*after)
		return;
	buffer_init(&line, VCARD_MAX);
	buffer_add_text(&line, name);
	add_escaped(&line, value);
	buffer_add_text(&line, after);
	add_folded(out, line.bytes);
	buffer_clear(&line);
}

/* A URI is not escaped: what none can hold (RFC 3986) is told by its octets. */
static void add_uri(struct buffer *out, const char *name, const char *uri)
{
	static const char allowed[] = "-._~:/?#[]@!$&'()*+,;=%";
	struct buffer line;
	if (!*uri)
		return;
	buffer_init(&line, VCARD_MAX);
	buffer_add_text(&line, name);
	for (; *uri; uri++) {
		if (isalnum((unsigned char)*uri) || strchr(allowed, *uri))
			buffer_add(&line, uri, 1);
		else
			buffer_print(&line, "%%%02X", (unsigned)(unsigned char)*uri);
	}
	add_folded(out, line.bytes);
	buffer_clear(&line);
}

/* Parted by commas on the card, and here: each is one value. */
static void add_skills(struct buffer *out, const char *skills)
{
	struct buffer line;
	buffer_init(&line, VCARD_MAX);
	for (const char *at = skills; *at; ) {
		at += strspn(at, ", ");
		size_t length = strcspn(at, ",");
		struct buffer skill;
		buffer_init(&skill, length + 1);
		buffer_add(&skill, at, length);
		if (length)
			buffer_add_text(&line, line.length ? "," : "CATEGORIES:");
		add_escaped(&line, skill.bytes);
		buffer_clear(&skill);
		at += length;
	}
	if (line.length)
		add_folded(out, line.bytes);
	buffer_clear(&line);
}

static void add_address(struct buffer *out, const struct card *card)
{
	struct buffer country;
	if (!*card->town && card->country == COUNTRY_UNKNOWN)
		return;
	buffer_init(&country, 16);
	buffer_print(&country, ";;;%s", country_code(card->country));
	add_line(out, "ADR:;;;", card->town, country.bytes);
	buffer_clear(&country);
}

void vcard_write(const struct card *card, struct buffer *out)
{
	buffer_add_text(out, "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\n");
	add_uri(out, "UID:urn:uuid:", card->id);
	add_line(out, "FN:", card->name, "");
	/* Which part of "Anne Van den Broeck" her family's name is nobody asked her. All of it is what she is called by. */
	add_line(out, "N:;", card->name, ";;;");
	add_line(out, "TITLE:", card->profession, "");
	add_line(out, "ORG:", card->organisation_name, "");
	add_line(out, "EMAIL:", card->email, "");
	add_uri(out, "TEL;VALUE=uri:tel:", card->phone);
	add_uri(out, "URL:", card->website);
	add_address(out, card);
	for (unsigned i = 0; i < LANGUAGES; i++)
		if (card->languages & 1u << i)
			add_line(out, "LANG:", language_wire_name((enum language)(1u << i)), "");
	add_skills(out, card->skills);
	add_line(out, "NOTE:", card->about, "");
	buffer_add_text(out, "END:VCARD\r\n");
}
