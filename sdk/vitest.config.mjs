// Unit tests run in a page of happy-dom, with what the build would write into the bundles.
import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { MINTMARK_VERSION: JSON.stringify("0.0.0"), MINTMARK_SERVED: "true" },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], restoreMocks: true },
});
