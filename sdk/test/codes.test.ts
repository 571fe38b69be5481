import { expect, test } from "vitest";
import { codes } from "../src/codes.js";

test("each code has the status of a refusal", () => {
  const statuses = Object.values(codes);
  expect(statuses.length).toBeGreaterThan(40);
  expect(statuses.every((status) => status >= 400 && status < 600)).toBe(true);
  expect(codes.widget_token_revoked).toBe(401);
});
