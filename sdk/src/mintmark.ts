/** The core of the SDK: what all elements of a page share. */

/** The SDK's version. */
export const version = MINTMARK_VERSION;
