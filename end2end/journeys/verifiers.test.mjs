// Libraries that share nothing with ours read our tokens and keys, so that no fault hides in using one on both ends.

import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { join } from "node:path";
import { assert, mintmark, owner, root, run, test } from "../harness/index.mjs";

/** A server whose tenant signs with this algorithm, one token of it, and what a verifier must know. */
async function signedWith(t, algorithm) {
  const server = await mintmark(t);
  const acme = await owner(server);
  await acme.call("POST", "/v1/signing-keys", { algorithm });
  await acme.call("POST", "/v1/signing-keys/rotate", { force: true, reason: "a journey wants this algorithm" });
  const { id, token } = await acme.mint(await acme.customer("http://localhost:1"));
  assert.equal(decodeProtectedHeader(token).alg, algorithm);
  const issuer = `${server.url}/t/${acme.tenant.slug}`;
  return { id, token, issuer, audience: acme.tenant.id, jwks: `${issuer}/.well-known/jwks.json`, everyone: `${server.url}/.well-known/jwks.json` };
}

for (const algorithm of ["ES256", "EdDSA", "RS256"]) {
  test(`jose and PyJWT verify a ${algorithm} token by the tenant's published keys`, async (t) => {
    const { id, token, issuer, audience, jwks, everyone } = await signedWith(t, algorithm);
    for (const keys of [jwks, everyone]) {
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), { issuer, audience, typ: "widget+jwt", algorithms: [algorithm] });
      assert.deepEqual([payload.jti, payload.sub, payload.kind], [id, id, "widget"]);
      const claims = JSON.parse(await run(join(root, "scripts/pyjwt"), [join(root, "end2end/verify.py"), keys, issuer, audience], { stdin: token }));
      assert.deepEqual(claims, payload);
    }
  });
}

test("jose and PyJWT refuse a token whose signature is another's", async (t) => {
  const { token, issuer, audience, jwks } = await signedWith(t, "ES256");
  const [header, payload, signature] = token.split(".");
  const forged = [header, payload, (signature[0] === "A" ? "B" : "A") + signature.slice(1)].join(".");
  await assert.rejects(jwtVerify(forged, createRemoteJWKSet(new URL(jwks)), { issuer, audience }), errors.JWSSignatureVerificationFailed);
  await assert.rejects(run(join(root, "scripts/pyjwt"), [join(root, "end2end/verify.py"), jwks, issuer, audience], { stdin: forged }), /InvalidSignatureError/);
});
