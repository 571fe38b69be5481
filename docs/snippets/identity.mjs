// npm install express
import express from "express";

const { MINTMARK_URL, MINTMARK_PRODUCT, MINTMARK_VERIFICATION_SECRET, PORT = "8080" } = process.env;
const app = express();

// Yours: whoever is signed in with you, from your own session; never from what the browser says.
function requireAuth(request, response, next) {
  request.user = { id: "customer-42", name: "Ada Lovelace", plan: "team" };
  next();
}

app.get("/identity-token", requireAuth, async ({ user }, response) => {
  const answer = await fetch(`${MINTMARK_URL}/v1/auth/user-token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      product_id: MINTMARK_PRODUCT,
      verification_secret: MINTMARK_VERIFICATION_SECRET,
      user_id: user.id,
      name: user.name,
      metadata: { plan: user.plan },
    }),
  });
  const body = await answer.json();
  response.set("cache-control", "no-store");
  if (answer.ok) return response.json(body);
  console.error(`${body.code}: ${body.message}`); // for your log, not for the page
  response.status(500).json({ error: "Token generation failed" });
});

app.listen(Number(PORT), "127.0.0.1");
