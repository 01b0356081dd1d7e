/* commands.h — what the rows of the command table run. One story per file: look_commands.c, book_commands.c,
 * agenda_commands.c, directory_commands.c, wish_commands.c, login_commands.c. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "hacktiv/app/command.h"

enum command_end command_spaces(struct call *call);
enum command_end command_desks(struct call *call);
enum command_end command_bookings(struct call *call);
enum command_end command_whoami(struct call *call);
enum command_end command_book(struct call *call);
enum command_end command_cancel(struct call *call);
enum command_end command_agenda(struct call *call);
enum command_end command_sign_up(struct call *call);
enum command_end command_withdraw(struct call *call);
enum command_end command_signups(struct call *call);
enum command_end command_undo(struct call *call);
enum command_end command_members(struct call *call);
enum command_end command_organisations(struct call *call);
enum command_end command_sync(struct call *call);
enum command_end command_wishes(struct call *call);
enum command_end command_drop(struct call *call);
enum command_end command_login(struct call *call);
enum command_end command_logout(struct call *call);

/* Tells the face why not and returns `end`. */
__attribute__((format(printf, 5, 6)))
enum command_end command_refuse(struct call *call, enum command_end end, enum problem_kind kind, const char *field,
                                const char *format, ...);
#define command_refuse(...) (__extension__ command_refuse(__VA_ARGS__))   /* why: see problem_set() */

/* Words with several meanings: why, and which. */
struct place;
enum command_end command_refuse_places(struct call *call, const struct problem *why, const struct place *places, size_t count);

/* The same for activities: `sentence`, and each with its number. */
enum command_end command_refuse_activities(struct call *call, const char *sentence, const struct activity_row *const *rows,
                                           size_t count);

/* Do the words mean something that I am signed up for? */
bool command_is_signed_up(struct call *call);

/* A space by its id in the list of now; NULL when it is gone. Waiting turns the session, and then pointers are old. */
const struct space *command_space(const struct call *call, size_t site, const char *space_id);
/* The first of session_spaces() is the person's own. */
bool command_knows_home(const struct call *call);
/* The words after the name as one text. */
const char *command_words_joined(const struct call *call, size_t from);

#endif
