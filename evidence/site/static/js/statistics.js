"use strict";
// Share of benefit with its Wilson interval, and the exact two-sided sign test: the same as evidence.sign_test in Python.
window.Explore = window.Explore || {};

Explore.statistics = (() => {
  // Rounds a half to the even neighbour, as Python does.
  function percent(share) {
    const x = share * 100;
    const below = Math.floor(x);
    const whole = x - below === 0.5 ? below + (below % 2) : Math.round(x);
    return `${whole}%`;
  }

  function twoDigits(x) {
    const [digits, power] = x.toExponential(60).split("e");
    const [first, second, ...rest] = digits.replace(".", "");
    const half = /^50*$/.test(rest.join("")) && Number(second) % 2 === 0;
    return Number(half ? `${first}.${second}e${power}` : x.toPrecision(2));
  }

  const pText = (p) => (p < 0.001 ? "p < 0.001" : `p = ${twoDigits(p)}`);

  // Twice the chance of as few heads or fewer: exact for up to fifty throws, beyond that through logarithms, which do not underflow.
  function signP(benefit, harm) {
    const n = benefit + harm;
    const exact = n <= 50;
    let term = exact ? 1 : -n * Math.LN2;
    let tail = exact ? 1 : Math.exp(term);
    for (let k = 0; k < Math.min(benefit, harm); k++) {
      term = exact ? (term * (n - k)) / (k + 1) : term + Math.log((n - k) / (k + 1));
      tail += exact ? term : Math.exp(term);
    }
    return Math.min(1, 2 * (exact ? tail / 2 ** n : tail));
  }

  function signTest(benefit, harm, z, fewest) {
    const n = benefit + harm;
    if (n === 0) return { benefit, harm, n, share: null, low: null, high: null, p: null, tooFew: true };
    const share = benefit / n;
    const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
    const clip = (x) => Math.min(1, Math.max(0, x));
    return { benefit, harm, n, share, low: clip(middle - half), high: clip(middle + half), p: signP(benefit, harm), tooFew: n < fewest };
  }

  // The result in words that never say more than a sign test can.
  function verdict(test) {
    if (test.n === 0) return "no result has a readable direction";
    const found = `${test.benefit} of ${test.n} point to benefit (${percent(test.share)}, 95 % interval ${percent(test.low)} to ${percent(test.high)})`;
    if (test.tooFew) {
      const smallest = Number(Math.min(1, 2 * 0.5 ** test.n).toPrecision(4));
      return `${found}; too few to test: with ${test.n} directional results no sign test can go below p = ${smallest}`;
    }
    const lean = test.p < 0.05 ? "more on one side than a fair coin would give" : "not told apart from a fair coin";
    return `${found}; exact sign test ${pText(test.p)}: ${lean}`;
  }

  return { percent, pText, signTest, verdict };
})();
