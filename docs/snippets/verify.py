# pip install "PyJWT[crypto]"
import os

import jwt

issuer = os.environ["MINTMARK_ISSUER"]
token = os.environ["MINTMARK_TOKEN"]
key = jwt.PyJWKClient(issuer + "/.well-known/jwks.json").get_signing_key_from_jwt(token)

if jwt.get_unverified_header(token).get("typ") != "widget+jwt":
    raise SystemExit("not a widget token")
claims = jwt.decode(
    token,
    key,
    algorithms=["ES256", "EdDSA", "RS256"],
    issuer=issuer,
    audience=os.environ["MINTMARK_AUDIENCE"],
    options={"require": ["exp", "iat", "nbf", "sub"]},
)
# Other kinds of token carry the same signatures: without this line any of them would pass.
if claims["kind"] != "widget":
    raise SystemExit("not a widget token: " + claims["kind"])

print(claims["organization_id"], claims["widget_scope"], claims["widget_origins"])
