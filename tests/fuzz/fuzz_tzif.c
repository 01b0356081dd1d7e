/* fuzz_tzif.c — a time zone file of any bytes is refused or gives offsets of less than a day or so. */
#include "fuzz.h"

#include "tzif.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct tzif data;
	if (!tzif_read(bytes, length, &data))
		return 0;
	for (int64_t at = -946684800; at < 8000000000; at += 30 * 86400) {
		int32_t offset = tzif_offset(&data, at);
		MUST(offset > -26 * 3600 && offset < 27 * 3600);
	}
	tzif_clear(&data);
	return 0;
}
