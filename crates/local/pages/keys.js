// Idempotency keys.

/** A key that no other has: 128 random bits. `crypto.randomUUID` is missing where a page is neither on HTTPS nor on localhost. */
export const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
