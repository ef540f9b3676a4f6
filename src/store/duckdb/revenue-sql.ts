/** Revenue in SQL: conversion amounts less refunds, in one currency. Sums are 128 bits wide. */

export function revenueSql(currencyKey: bigint): string {
  return `coalesce(sum(CASE WHEN currency_key = ${currencyKey} THEN
    CASE type WHEN 1 THEN amount_micros WHEN 2 THEN -amount_micros END END), 0)`;
}
