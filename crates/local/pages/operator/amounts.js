// Amounts that can be negative, which the currency's format cannot take as text.

import { formatMoney } from "/money.js";

export const signedMoney = (amount, currency) => `${amount < 0 ? "−" : ""}${formatMoney(Math.abs(amount), currency)}`;
