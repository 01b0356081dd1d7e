"""Parsers of calendars and cards that are not ours: Debian's packages, which a python that is not Debian's looks for last."""
import sys

sys.path.append("/usr/lib/python3/dist-packages")

import icalendar  # noqa: E402, F401
import vobject    # noqa: E402, F401
