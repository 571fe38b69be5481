// What the build writes into the bundles.

/** The SDK's version, as in package.json. */
declare const MINTMARK_VERSION: string;
/** Whether Mintmark serves this bundle, so that its own address says where Mintmark is; false in what npm installs. */
declare const MINTMARK_SERVED: boolean;
