/* model.h — plain data and the rules of the house: no I/O, no JSON, no screen. */
#ifndef HACKTIV_MODEL_H
#define HACKTIV_MODEL_H

#include "hacktiv/model/activity.h"
#include "hacktiv/model/booking.h"
#include "hacktiv/model/card.h"
#include "hacktiv/model/consent.h"
#include "hacktiv/model/contact.h"
#include "hacktiv/model/holiday.h"
#include "hacktiv/model/language.h"
#include "hacktiv/model/member.h"
#include "hacktiv/model/opening.h"
#include "hacktiv/model/organisation.h"
#include "hacktiv/model/outcome.h"
#include "hacktiv/model/payment.h"
#include "hacktiv/model/period.h"
#include "hacktiv/model/presence.h"
#include "hacktiv/model/resource.h"
#include "hacktiv/model/series.h"
#include "hacktiv/model/retention.h"
#include "hacktiv/model/signup.h"
#include "hacktiv/model/space.h"
#include "hacktiv/model/visibility.h"
#include "hacktiv/model/words.h"

#endif
