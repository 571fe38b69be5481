"""How many of the tokens on standard input PyJWT, Authlib and joserfc accept, by the published keys."""

import json
import sys

import jwt
from authlib.jose import JsonWebKey, JsonWebToken
from joserfc import jwk
from joserfc import jwt as joserfc_jwt

asked = json.load(sys.stdin)
issuer, audience = asked["issuer"], asked["audience"]


def with_pyjwt(token):
    keys = jwt.PyJWKSet.from_dict(asked["jwks"])
    key = keys[jwt.get_unverified_header(token)["kid"]]
    jwt.decode(token, key.key, algorithms=[key.algorithm_name], issuer=issuer, audience=audience)


authlib_keys = JsonWebKey.import_key_set(asked["jwks"])
options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": audience}}


def with_authlib(token):
    JsonWebToken(["ES256", "EdDSA", "RS256"]).decode(token, authlib_keys, claims_options=options).validate()


joserfc_keys = jwk.KeySet.import_key_set(asked["jwks"])
registry = joserfc_jwt.JWTClaimsRegistry(**options)


def with_joserfc(token):
    registry.validate(joserfc_jwt.decode(token, joserfc_keys, algorithms=["ES256", "EdDSA", "RS256"]).claims)


def accepted(verify):
    count = 0
    for token in asked["tokens"]:
        try:
            verify(token)
            count += 1
        except Exception as error:  # each library has errors of its own, and all of them are a refusal
            print(f"{verify.__name__}: {error!r}", file=sys.stderr)
    return count


json.dump({"PyJWT": accepted(with_pyjwt), "Authlib": accepted(with_authlib), "joserfc": accepted(with_joserfc)}, sys.stdout)
