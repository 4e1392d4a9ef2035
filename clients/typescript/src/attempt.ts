/** 128 random bits; `crypto.randomUUID` is missing on pages that are neither on HTTPS nor on localhost. */
const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");

/**
 * One intended payment or refund. It may be sent again and again, also after a lost answer, and happens once: the key stays the
 * same as long as the body does. Another body is another intention, with a key of its own.
 */
export class Attempt {
    #key: string;
    #body: string | undefined;

    /** `key` continues an attempt that the app kept, for example over a reload. */
    constructor(key: string = newKey()) {
        this.#key = key;
    }

    get key(): string {
        return this.#key;
    }

    /** The header with which this body is sent. */
    header(body: unknown): { "Idempotency-Key": string } {
        const sent = JSON.stringify(body);
        if (this.#body !== undefined && this.#body !== sent) {
            this.#key = newKey();
        }
        this.#body = sent;
        return { "Idempotency-Key": this.#key };
    }
}
