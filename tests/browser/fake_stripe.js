// A stand-in for Stripe.js: as strict about how it is called, and confirms at api.stripe.com, as it does. Its one field takes the
// name of a payment method of the stand-in for Stripe. `stripeCalls` has every call.

window.stripeCalls = [];

const record = (name, value) => window.stripeCalls.push([name, JSON.parse(JSON.stringify(value ?? null))]);

function insist(condition, message) {
  if (!condition) throw new Error(`IntegrationError: ${message}`);
}

function known(options, names) {
  for (const name of Object.keys(options)) insist(names.includes(name), `${name} is not an accepted parameter.`);
}

window.Stripe = (key) => {
  insist(/^pk_test_\w+$/.test(key), "a publishable key is needed.");
  record("Stripe", key);
  return {
    elements: (options) => {
      known(options, ["clientSecret", "customerSessionClientSecret", "appearance", "loader", "locale", "fonts"]);
      insist(/^pi_\w+_secret_\w+$/.test(options.clientSecret), "clientSecret is not of a PaymentIntent.");
      insist(options.customerSessionClientSecret === undefined || /^cuss_secret_/.test(options.customerSessionClientSecret), "customerSessionClientSecret");
      record("elements", options);
      return makeElements(options, key);
    },
    confirmPayment: (options) => confirmPayment(options, key),
  };
};

function makeElements(options) {
  const elements = { options, field: null };
  elements.create = (type) => {
    insist(type === "payment" && elements.field === null, "only one payment element.");
    record("create", type);
    elements.field = document.createElement("input");
    elements.field.id = "stripe-field";
    elements.field.setAttribute("aria-label", "Card");
    return {
      on: (name) => insist(["ready", "change", "focus", "blur", "escape", "loaderror", "loaderstart"].includes(name), name),
      mount: (place) => (typeof place === "string" ? document.querySelector(place) : place).append(elements.field),
      focus: () => elements.field.focus(),
    };
  };
  return elements;
}

async function confirmPayment(options, key) {
  known(options, ["elements", "clientSecret", "confirmParams", "redirect"]);
  const { elements, confirmParams, redirect } = options;
  insist(elements?.field?.isConnected, "the Payment Element is not mounted.");
  insist(URL.canParse(confirmParams?.return_url), "return_url must be a URL.");
  record("confirmPayment", { redirect, confirmParams });
  if (elements.field.value === "") return { error: { type: "validation_error", message: "Your card number is incomplete." } };
  const { clientSecret } = elements.options;
  const body = new URLSearchParams({ payment_method: elements.field.value, client_secret: clientSecret, key });
  const intent = clientSecret.split("_secret_")[0];
  const response = await fetch(`https://api.stripe.com/v1/payment_intents/${intent}/confirm`, { method: "POST", body });
  const answer = await response.json();
  return response.ok ? { paymentIntent: answer } : { error: answer.error };
}
