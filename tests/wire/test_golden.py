#!/usr/bin/env python3
"""test_golden.py GOLDEN — what src/wire writes is what doc/api/openapi.yaml describes, member by member."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from contract import Contract
from tap import case, run

GOLDEN = pathlib.Path(sys.argv[1])
SCHEMAS = {
    "space": "Space", "space-closed": None, "space-closure": "Space", "resource": "Resource", "resource-untold": "Resource",
    "resource-by-hour": "Resource", "booking-hours": "Booking", "booking-request-hours": "BookingRequest",
    "resource-day": "ResourceDay", "resource-day-free": "ResourceDay", "booking": "Booking", "booking-untold": None,
    "preview": "Preview", "preview-closed": "Preview", "member": "Member", "booking-request": "BookingRequest",
    "preview-request": "PreviewRequest", "credentials": "Credentials", "session": "Session", "problem": "Problem",
    "problem-plain": None, "activity": "Activity", "activity-row": "Activity", "activity-full": "Activity", "card": "Card",
    "card-row": "Card", "card-shy": "Card", "organisation": "Organisation", "organisation-row": "Organisation",
    "device": "DeviceAuthorization", "tokens": "Tokens", "oauth-error": "OAuthError",
}                                      # None: what only other servers' values give
contract = Contract()


@case("every golden file has its schema here")
def _():
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(SCHEMAS)


for name, schema in SCHEMAS.items():
    if schema:
        def check(name=name, schema=schema):
            faults = contract.faults({"$ref": f"#/components/schemas/{schema}"}, json.loads((GOLDEN / f"{name}.json").read_text()))
            assert not faults, faults
        case(f"{name} is a {schema}")(check)

run()
