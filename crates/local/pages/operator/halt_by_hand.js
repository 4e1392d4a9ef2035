// Halts an open wave by hand, and resumes it. A wave has no such switch, but a start: as long as that is far in the future, the
// wave admits nobody. Unlike a rollback, this can be undone. A planned wave would lose its start, and is changed instead.

import { editWave, resumeWave } from "/operator/api.js";

const FAR_FUTURE = "2100-01-01T00:00:00.000Z";

/** Whether a start halts its wave. */
export const isFarFuture = (start) => Date.parse(start) >= Date.parse(FAR_FUTURE);

/** Whether an operator halted the wave. */
export const isHaltedByHand = ({ state, starts_at: startsAt }) => state === "not_started" && isFarFuture(startsAt);

/** Whether a rate or an operator halted the wave. */
export const isHalted = (wave) => wave.state === "halted" || isHaltedByHand(wave);

export const haltByHand = (name, reason, etag) => editWave(name, { starts_at: FAR_FUTURE, reason }, etag);

/** Resumes a wave, whether a rate or an operator halted it. */
export const resume = (wave) => (name, reason, etag) =>
  isHaltedByHand(wave()) ? editWave(name, { starts_at: new Date().toISOString(), reason }, etag) : resumeWave(name, reason, etag);
