/* base.h — the ground floor: text, time, memory, files. Knows nothing of coworking. */
#ifndef HACKTIV_BASE_H
#define HACKTIV_BASE_H

#include "hacktiv/base/arena.h"
#include "hacktiv/base/buffer.h"
#include "hacktiv/base/clock.h"
#include "hacktiv/base/date.h"
#include "hacktiv/base/ending.h"
#include "hacktiv/base/http_message.h"
#include "hacktiv/base/i18n.h"
#include "hacktiv/base/log.h"
#include "hacktiv/base/memory.h"
#include "hacktiv/base/path.h"
#include "hacktiv/base/problem.h"
#include "hacktiv/base/secret.h"
#include "hacktiv/base/secret_run.h"
#include "hacktiv/base/sql.h"
#include "hacktiv/base/text.h"
#include "hacktiv/base/uuid.h"
#include "hacktiv/base/zone.h"

#endif
