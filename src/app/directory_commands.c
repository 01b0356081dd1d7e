/* directory_commands.c — members and organisations: searched at the sites, never read from end to end. */
#include <string.h>

#include "commands.h"

static enum command_end show_card(struct call *call, const char *member_id)
{
	for (size_t site = 0; site < session_site_count(call->session); site++) {
		const struct detail *detail = session_card(call->session, site, member_id);
		bool asked = call->face->ops->await_list(call->face, &detail->state);
		if (detail->card) {
			call->face->ops->show_card(call->face, site, detail->card);
			return COMMAND_GIVEN;
		}
		if (!asked && detail->state.outcome.kind != OUTCOME_NOT_FOUND)
			return COMMAND_FAILED;
	}
	return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "member", _("Nobody shows themselves under this number."));
}

enum command_end command_members(struct call *call)
{
	const char *query = command_words_joined(call, 0);
	if (uuid_is_valid(query))
		return show_card(call, query);
	if (!card_query_is_enough(query))
		return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "query",
		                      _("Who? Say at least two letters of a name, a profession, an organisation, a skill or a town."));
	call->face->ops->show_directory(call->face, DIRECTORY_MEMBERS, query);
	return COMMAND_GIVEN;
}

static enum command_end show_organisation(struct call *call, const char *organisation_id)
{
	for (size_t site = 0; site < session_site_count(call->session); site++) {
		const struct detail *detail = session_organisation(call->session, site, organisation_id);
		bool asked = call->face->ops->await_list(call->face, &detail->state);
		if (detail->organisation) {
			call->face->ops->show_organisation(call->face, site, detail->organisation);
			return COMMAND_GIVEN;
		}
		if (!asked && detail->state.outcome.kind != OUTCOME_NOT_FOUND)
			return COMMAND_FAILED;
	}
	return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "organisation", _("No organisation has this number."));
}

enum command_end command_organisations(struct call *call)
{
	const char *query = command_words_joined(call, 0);
	if (uuid_is_valid(query))
		return show_organisation(call, query);
	call->face->ops->show_directory(call->face, DIRECTORY_ORGANISATIONS, query);
	return COMMAND_GIVEN;
}
