// Stripe's npm package drives the stand-in's v2: `node drive.js <url> <secret> <file with requests and notifications>`.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import Stripe from "stripe";

const [url, secret, path] = process.argv.slice(2);
const { creation, include, pages, notifications } = JSON.parse(await readFile(path, "utf8"));
const { protocol, hostname: host, port } = new URL(url);
const stripe = new Stripe("sk_test_oracle", { protocol: protocol.slice(0, -1), host, port, maxNetworkRetries: 0 });
const { accounts, accountLinks, eventDestinations, events } = stripe.v2.core;

await accounts.create(creation);
const made = await accounts.create(creation);
const found = await accounts.retrieve(made.id, { include });
assert.equal(found.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status, "restricted");
const link = await accountLinks.create({
  account: made.id,
  use_case: { type: "account_onboarding", account_onboarding: pages },
});
assert.ok(new URL(link.url));
const listed = await accounts.list({ limit: 1 }).autoPagingToArray({ limit: 100 });
assert.ok(listed.length > 1 && listed.some(({ id }) => id === made.id), "the package pages through the accounts");
const happened = await events.list({ limit: 20 }).autoPagingToArray({ limit: 100 });
assert.ok(happened.length > 20, "the package pages through the events");
const ours = happened.find(({ related_object }) => related_object?.id === made.id);
const related = await ours.fetchRelatedObject();
assert.equal(related.id, made.id);
const destinations = await eventDestinations.list({ limit: 1 }).autoPagingToArray({ limit: 100 });
assert.ok(destinations.length > 1, "the package pages through the event destinations");
await assert.rejects(accounts.retrieve("acct_nobody"), { code: "not_found", statusCode: 404 });

for (const { body, signature } of notifications) {
  const notification = stripe.parseEventNotification(body, signature, secret);
  const event = await notification.fetchEvent();
  assert.equal(event.id, notification.id);
}
