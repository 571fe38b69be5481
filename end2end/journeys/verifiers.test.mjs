// Libraries that share nothing with ours read our tokens and keys, so that no fault hides in using one on both ends.

import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assert, mintmark, owner, root, run, test, vouched } from "../harness/index.mjs";

const page = "http://localhost:1";
const judge = join(root, "target/verify/go");

let compiling;
async function compile() {
  await mkdir(join(root, "target/verify"), { recursive: true });
  await run(join(root, "scripts/golang"), ["build", "-o", judge, join(root, "end2end/verify/main.go")], { cwd: join(root, "target/verify") });
}

/** What each library makes of a token: its claims, or a refusal. */
const verifiers = {
  async jose(token, { keys, issuer, audience, kind, algorithm }) {
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), { issuer, audience, typ: `${kind}+jwt`, algorithms: [algorithm] });
    return payload;
  },
  PyJWT: async (token, { keys, issuer, audience, kind }) =>
    JSON.parse(await run(join(root, "scripts/pyjwt"), [join(root, "end2end/verify/verify.py"), keys, issuer, audience, kind], { stdin: token })),
  async Go(token, { keys, issuer, audience, kind }) {
    await (compiling ??= compile());
    return JSON.parse(await run(judge, [keys, issuer, audience, kind, `${kind}+jwt`], { stdin: token }));
  },
};

/** A server whose tenant signs with this algorithm, a token of every kind, and what a verifier must know of each. */
async function signedWith(t, algorithm) {
  const server = await mintmark(t);
  const acme = await owner(server);
  await acme.call("POST", "/v1/signing-keys", { algorithm });
  await acme.call("POST", "/v1/signing-keys/rotate", { force: true, reason: "a journey wants this algorithm" });
  const { token: widget } = await acme.mint(await acme.customer(page));
  const { email, password, tenant } = acme;
  const { token: dashboard } = await post(`${server.url}/v1/sessions`, { email, password, tenant: tenant.slug });
  const { product, token: session } = await vouched(server, acme, page);
  const { secret } = await acme.call("POST", `/v1/products/${product}/verification-secrets`, {});
  const { token: identity } = await post(`${server.url}/v1/auth/user-token`, { product_id: product, verification_secret: secret, user_id: "u-1", metadata: { plan: "team" } });
  const issuer = `${server.url}/t/${tenant.slug}`;
  const [own, everyones] = [`${issuer}/.well-known/jwks.json`, `${server.url}/.well-known/jwks.json`];
  const of = (kind, token, audience) => ({ kind, token, audience, issuer, algorithm, keys: own });
  const tokens = [
    of("widget", widget, tenant.id),
    of("dashboard", dashboard, tenant.id),
    of("session", session, product),
    of("identity", identity, product),
  ];
  return { tokens, everyones };
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${url}: ${answer.status}`);
  return answer.json();
}

for (const algorithm of ["ES256", "EdDSA", "RS256"]) {
  test(`jose, PyJWT and Go verify ${algorithm} tokens of every kind by the published keys`, async (t) => {
    const { tokens, everyones } = await signedWith(t, algorithm);
    for (const { token, ...expected } of tokens) {
      assert.equal(decodeProtectedHeader(token).alg, algorithm, expected.kind);
      const said = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
      assert.equal(said.kind, expected.kind);
      for (const keys of [expected.keys, everyones]) {
        for (const [name, verify] of Object.entries(verifiers)) {
          assert.deepEqual(await verify(token, { ...expected, keys }), said, `${name}, ${expected.kind}`);
        }
      }
    }
  });
}

test("jose, PyJWT and Go refuse a token whose signature is another's, and one for another audience", async (t) => {
  const { tokens } = await signedWith(t, "ES256");
  for (const { token, ...expected } of tokens) {
    const [header, payload, signature] = token.split(".");
    const forged = [header, payload, (signature[0] === "A" ? "B" : "A") + signature.slice(1)].join(".");
    await assert.rejects(verifiers.jose(forged, expected), errors.JWSSignatureVerificationFailed, expected.kind);
    await assert.rejects(verifiers.PyJWT(forged, expected), /InvalidSignatureError/, expected.kind);
    await assert.rejects(verifiers.Go(forged, expected), /InvalidSignatureError/, expected.kind);
    for (const [name, verify] of Object.entries(verifiers)) {
      await assert.rejects(verify(token, { ...expected, audience: "ten_another" }), `${name}, ${expected.kind}`);
    }
  }
});
