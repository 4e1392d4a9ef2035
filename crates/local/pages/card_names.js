// The names of cards, as they are printed on them. Stripe's names are in docs.stripe.com/api/payment_methods/object.

const BRANDS = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  eftpos_au: "eftpos",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
};

function brandName(brand) {
  const known = BRANDS[brand];
  return known ?? `${brand[0].toUpperCase()}${brand.slice(1).replaceAll("_", " ")}`;
}

/** "Visa •••• 4242". */
export const cardName = ({ brand, last4 }) => `${brandName(brand)} •••• ${last4}`;

/** "12/29". */
export const expiryText = ({ exp_month: month, exp_year: year }) => `${String(month).padStart(2, "0")}/${String(year).slice(2)}`;
