/* handlers.h — what answers each route; see route.c for which is which. */
#ifndef HACKTIV_SERVER_HANDLERS_H
#define HACKTIV_SERVER_HANDLERS_H

#include "../request.h"

handler alive, ready_start, metrics_tell, meta;                     /* meta.c */
handler api_description, api_catalog, problem_page, security_contact; /* about.c */
handler session_start, session_end;                                 /* sessions.c */
handler session_list, session_end_all, session_end_one;             /* account.c */
handler token_list, token_add, token_remove, password_change;       /* account.c */
handler oauth_device, oauth_token, oauth_revoke, oauth_metadata;    /* oauth.c */
handler member_bookings, member_signups;                            /* members.c */
handler member_me, member_change_me;                                /* profile.c */
handler profile_one, profile_change, member_make, member_erase_me, member_erase; /* people.c */
handler organisation_make, organisation_change;                     /* organisations.c */
handler export_me;                                                  /* export.c */
handler visibility_show, visibility_put, visibility_change, visibility_withdraw, consent_list, audit_list; /* consent.c */
handler device_show, device_answer;                                 /* device.c */
handler space_list, space_one, space_resources, space_availability, space_day_alone; /* spaces.c */
handler booking_preview, booking_make;                              /* book.c */
handler booking_decide;                                             /* approval.c */
handler check_in, check_in_undo, check_out, check_out_undo, presence_list; /* presence.c */
handler walk_in_make;                                               /* walk_in.c */
handler pass_sell, member_passes, member_network_days, member_days; /* passes.c */
handler ledger_list;                                                /* ledger.c */
handler booking_one, booking_cancel;                                /* bookings.c */
handler booking_change, booking_preview_change;                     /* move.c */
handler series_make, series_preview;                                /* series.c */
handler booking_cancel_many;                                        /* cancel_many.c */
handler resource_one, resource_change, space_change;                /* arrange.c */
handler outage_list, outage_put, outage_end;                        /* closings.c */
handler closure_list, closure_put, closure_end;
handler activity_list, activity_one;                                /* activities.c */
handler activity_plan, activity_change;                             /* organise.c */
handler signup_make, signup_end;                                    /* signups.c */
handler participant_list, participant_one, participant_add, participant_move, participant_remove;   /* participants.c */
handler attendance_take, attendance_close;                          /* attendance.c */
handler card_list, card_one, organisation_list, organisation_one;   /* directory.c */
handler space_booking_list;                                         /* space_bookings.c */
handler role_list, role_grant, role_revoke, staff_list;             /* roles.c */
handler member_disable, member_enable;                              /* roles.c */
handler calendar_key_list, calendar_key_add, calendar_key_remove;   /* calendar_keys.c */
handler calendar_of_key, calendar_of_space, calendar_of_network;    /* calendars.c */
handler change_list;                                                /* changes.c */
handler event_stream;                                               /* events.c */

/* "types" of events, all when not given. False: refused. */
bool read_event_types(struct request *request, unsigned *types, struct response *response);
/* 429: this member has streams enough; 503 on the way out. */
void refuse_seat(struct request *request, struct response *response);

#endif
