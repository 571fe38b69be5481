# pip install "PyJWT[crypto]"
import os
import time
import uuid

import jwt

algorithm = os.environ["MINTMARK_BRIDGE_ALGORITHM"]
# An HS256 secret is used as its ASCII bytes; every other key is a private half in PKCS#8.
with open(os.environ["MINTMARK_BRIDGE_KEY_FILE"], encoding="ascii") as file:
    key = file.read().strip()

now = int(time.time())
claims = {
    # Whoever is signed in with you, from your own session; never from what the browser says.
    "external_customer_id": "customer-42",
    "email": "ada@example.com",
    "email_verified": True,
    "name": "Ada Lovelace",
    "aud": os.environ["MINTMARK_AUDIENCE"],
    "jti": str(uuid.uuid4()),  # a token opens one session, once
    "iat": now,
    "exp": now + 300,
}
print(jwt.encode(claims, key, algorithm=algorithm, headers={"kid": os.environ["MINTMARK_BRIDGE_KEY"]}))
