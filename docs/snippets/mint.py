# Python 3, in your backend, standard library only.
import json
import os
import urllib.error
import urllib.request

env = os.environ
request = urllib.request.Request(
    env["MINTMARK_URL"] + "/v1/widget-tokens",
    method="POST",
    headers={
        "authorization": "Bearer " + env["MINTMARK_API_KEY"],
        "content-type": "application/json",
    },
    data=json.dumps({
        "organization_id": env["MINTMARK_ORGANIZATION"],
        "scope": [env["MINTMARK_SCOPE"]],
        "origins": [env["MINTMARK_ORIGIN"]],
        "ttl_seconds": int(env["MINTMARK_TTL"]),
    }).encode(),
)
try:
    with urllib.request.urlopen(request) as answer:
        token = json.load(answer)["token"]
except urllib.error.HTTPError as refused:
    raise SystemExit(refused.read().decode())

# Render it into the page; never keep it in the browser.
print(token)
