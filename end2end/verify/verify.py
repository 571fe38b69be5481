"""Judges a token by the published keys with PyJWT: JWKS URL, issuer, audience and kind as arguments, the token on stdin."""

import json
import sys

import jwt

jwks, issuer, audience, kind = sys.argv[1:]
token = sys.stdin.read().strip()
key = jwt.PyJWKClient(jwks).get_signing_key_from_jwt(token)
claims = jwt.decode(
    token,
    key.key,
    algorithms=[key.algorithm_name],
    issuer=issuer,
    audience=audience,
    options={"require": ["exp", "iat", "nbf", "sub", "jti", "kind"]},
)
if claims["kind"] != kind:
    sys.exit("the token is of another kind")
json.dump(claims, sys.stdout)
