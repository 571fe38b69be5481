// npm install jose
import { createRemoteJWKSet, jwtVerify } from "jose";

const { MINTMARK_ISSUER, MINTMARK_AUDIENCE, MINTMARK_TOKEN } = process.env;
const keys = createRemoteJWKSet(new URL(`${MINTMARK_ISSUER}/.well-known/jwks.json`));

const { payload } = await jwtVerify(MINTMARK_TOKEN, keys, {
  issuer: MINTMARK_ISSUER,
  audience: MINTMARK_AUDIENCE,
  typ: "widget+jwt",
  algorithms: ["ES256", "EdDSA", "RS256"],
});
// Other kinds of token carry the same signatures: without this line any of them would pass.
if (payload.kind !== "widget") throw new Error(`not a widget token: ${payload.kind}`);

console.log(payload.organization_id, payload.widget_scope, payload.widget_origins);
