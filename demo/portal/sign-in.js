// The page reads nothing of the link in a mail: the element redeems it and takes it out of the address. A page's own requests carry the session.
import { createSession } from "{{mintmark}}/sdk/v1/mintmark.js";

const session = createSession({ embedKey: "{{embed_key}}" });
session.on("signed-in", async () => {
  // As the portal's backend would be asked; it verifies the token at /v1/auth/token/verify.
  const jwt = await session.getSessionJwt();
  console.info(`signed in, with a token of ${jwt.length} characters for the backend`);
});
