/* scene.h — two of one name on a real hacktivd: one who watches over a line that counts what is asked, and one who does things elsewhere. */
#ifndef TEST_APP_SCENE_H
#define TEST_APP_SCENE_H

#include "stage.h"

#include "bad_line.h"
#include "inside.h"

struct asked {
	char paths[100][200];      /* "GET /v1/spaces?date=2026-07-15" */
	unsigned count;
	const char *held;          /* the answer to what begins so never comes, from its second part on: half a connection */
	const char *refused;       /* what begins so is answered with … */
	int status;
	const char *type;
};

/* Somebody else of the same name, at another machine; and the one who watches. */
struct scene {
	struct stage other, mine;
	struct bad_line *line;
	struct asked asked;
	char *ferme, *e420;
};

unsigned times(const struct asked *asked, const char *path);
unsigned times_of_day(const struct scene *scene, const char *rest);
struct live *live_of(struct scene *scene);
void open_other(struct scene *scene);
void open_mine(struct scene *scene, const char *notes);
/* As the demo does, which logs in before anybody watches. */
void open_mine_and_follow_later(struct scene *scene, const char *notes);
void wait_until_live(struct scene *scene);
void open_scene(struct scene *scene, const char *notes);
/* All that the next run wants to know is on disk, however slow that is. */
void until_kept(struct scene *scene);
void close_mine(struct scene *scene);
void close_scene(struct scene *scene);
void forget_asked(struct scene *scene);
const struct resource_day *free_desk(const struct day_list *day);
char *book(struct scene *scene, const char *space_id, struct local_date date);
const struct booking *find_mine(struct scene *scene, const char *id);
void cancel(struct scene *scene, const char *id);
/* Of these: the one, and what the other sees who asks for all of it. In `arena`. */
char *shown(struct session *session, struct arena *arena, const char *space_id, struct local_date date);
char *asked_anew(struct scene *scene, struct arena *arena, const char *space_id, struct local_date date);
/* What is shown of that day and of the lists is what the other sees who asks for all of it; `after` is told when it is not. */
void is_as_if_asked_anew(struct scene *scene, const char *space_id, struct local_date date, const char *after);
void until_done(struct scene *scene, const char *wish);
char *book_mine(struct scene *scene, const char *space_id, struct local_date date, enum day_part part);

#endif
