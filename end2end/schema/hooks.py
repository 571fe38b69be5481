"""What schemathesis does not have: our credential as something that its checks may leave out, and a check of our own (DS7)."""

import os

import schemathesis

TOKEN = os.environ.get("MINTMARK_TOKEN")

if TOKEN:

    @schemathesis.auth()
    class Bearer:
        def get(self, case, context):
            return TOKEN

        def set(self, case, data, context):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.check
def nothing_without_credentials(ctx, response, case):
    """What wants a credential gives nothing to whoever has none; a preflight is no call."""
    if TOKEN or case.method.upper() == "OPTIONS" or not 200 <= response.status_code < 300:
        return
    if case.operation.label == "GET /v1/auth/token/verify" and response.json()["valid"] is False:
        return
    wanted = case.operation.definition.raw.get("security", case.operation.schema.raw_schema.get("security", []))
    if wanted and {} not in wanted:
        raise AssertionError(f"{case.operation.label} answered {response.status_code} without a credential")
