/* export.c — all that is kept of oneself (GDPR art. 15 and 20), by kind of record. No secrets: tokens and passwords are not told. */
#include "handlers.h"

#include "hacktiv/wire.h"

#include "../auth.h"
#include "../limit.h"

struct telling {
	cJSON *all;
	cJSON *list;       /* of the kind that is told now */
};

static void tell(void *context, const char *kind, const struct told_value *values, size_t count)
{
	struct telling *telling = context;
	if (count == 0) {
		telling->list = cJSON_AddArrayToObject(telling->all, kind);
		return;
	}
	cJSON *row = cJSON_CreateObject();
	for (size_t i = 0; i < count; i++) {
		if (values[i].kind == TOLD_TEXT)
			cJSON_AddStringToObject(row, values[i].name, values[i].text);
		else if (values[i].kind == TOLD_NUMBER)
			cJSON_AddNumberToObject(row, values[i].name, (double)values[i].number);
		else if (values[i].number)
			wire_add_instant(row, values[i].name, NULL, values[i].number);
		else
			cJSON_AddNullToObject(row, values[i].name);
	}
	cJSON_AddItemToArray(telling->list, row);
}

void export_me(struct request *request, struct db_tx *tx, struct response *response)
{
	const char *me = request->member->id;
	struct db_actor actor = { me, request->id };
	if (!log_in_is_fresh(request, tx, response) || !limit_take(request, tx, LIMIT_EXPORT, me, response) || !db_hold_member(tx, me) ||
	    !db_audit_member(tx, me, "export.read", "", "", request->now, actor))
		return;
	struct telling telling = { cJSON_CreateObject(), NULL };
	cJSON *object = cJSON_CreateObject();
	wire_add_instant(object, "exported_at", NULL, request->now);
	cJSON_AddItemToObject(object, "records", telling.all);
	if (db_tell_all_of(tx, me, tell, &telling))
		respond_json(response, 200, object, CACHE_NEVER);
	else
		cJSON_Delete(object);
}
