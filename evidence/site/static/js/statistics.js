// Share of benefit with its Wilson interval, and the exact two-sided sign test with its worst case: the same as evidence.sign_test in Python.

Explore.statistics = (() => {
  // Rounds a half to the even neighbour, as Python does.
  const rounded = (digits) => new Intl.NumberFormat("en-US", { roundingMode: "halfEven", useGrouping: false, ...digits }).format;
  const [whole, twoDigits] = [rounded({ maximumFractionDigits: 0 }), rounded({ maximumSignificantDigits: 2 })];
  const percent = (share) => `${whole(share * 100)} %`;
  const pText = (p) => (p < 0.001 ? "p < 0.001" : `p = ${twoDigits(p)}`);

  // Twice the chance of so few heads or fewer among n throws: exact for up to fifty, beyond that through logarithms, which do not underflow.
  function exactP(heads, n) {
    const few = Math.min(heads, n - heads);
    const exact = n <= 50;
    let term = exact ? 1 : -n * Math.LN2;
    let tail = exact ? 1 : Math.exp(term);
    for (let k = 0; k < few; k++) {
      term = exact ? (term * (n - k)) / (k + 1) : term + Math.log((n - k) / (k + 1));
      tail += exact ? term : Math.exp(term);
    }
    return Math.min(1, 2 * (exact ? tail / 2 ** n : tail));
  }

  const ALPHA = 0.05;

  // How many results without a direction must point against the majority, the others left out, before p reaches 0.05: each one more makes p larger, until both sides are even.
  function tippingPoint(most, least, silent) {
    const undone = (moved) => exactP(least + moved, most + least + moved) >= ALPHA;
    let [low, high] = [0, Math.min(silent, most - least)];
    if (!undone(high)) return null;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (undone(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  function signTest(benefit, harm, silent, z, fewest) {
    const n = benefit + harm;
    const counted = { benefit, harm, silent, n };
    if (n === 0) return { ...counted, share: null, low: null, high: null, p: null, pWorst: null, tippingPoint: null, tooFew: true, holds: false };
    const share = benefit / n;
    const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
    const [most, least] = [Math.max(benefit, harm), Math.min(benefit, harm)];
    // An even split is the least that the majority can be left with.
    const pWorst = exactP(Math.min(least + silent, Math.floor((n + silent) / 2)), n + silent);
    const tooFew = n < fewest;
    return {
      ...counted, share, low: Math.max(0, Math.min(middle - half, share)), high: Math.min(1, Math.max(middle + half, share)),
      p: exactP(benefit, n), pWorst, tippingPoint: tippingPoint(most, least, silent), tooFew, holds: !tooFew && pWorst < ALPHA,
    };
  }

  const points = (n) => (n === 1 ? "points" : "point");

  // The result in words that never say more than a sign test can.
  function verdict(test, better = "benefit") {
    const { benefit, n, silent } = test;
    if (n === 0) return silent ? `no result has a printed direction, of ${silent}` : "no result";
    const unread = silent ? `; ${silent} more ${silent === 1 ? "has" : "have"} no printed direction` : "";
    return `${benefit} of ${n} ${points(benefit)} to ${better} (${percent(test.share)}, 95 % interval ${percent(test.low)} to ${percent(test.high)})${unread}; ${reading(test, better)}`;
  }

  // What the test says, once the results without a direction, and reports on the same people, are taken into account.
  function reading(test, better) {
    const { n, silent, tooFew, p, pWorst, holds, tippingPoint: point, once } = test;
    const tested = `exact sign test ${pText(p)}`;
    if (tooFew) {
      const smallest = Number(Math.min(1, 2 * 0.5 ** n).toPrecision(4));
      return `too few to test: ${n} printed direction${n === 1 ? "" : "s"} cannot give less than p = ${smallest}`;
    }
    if (p >= ALPHA) return `${tested}: could be chance alone`;
    if (bears(test)) return `${tested}, but ${once.shared} of ${once.reports} reports share, or may share, people or animals with another: with shared groups counted once, ${once.benefit} of ${once.n} ${points(once.benefit)} to ${better}; ${reading(once, better)}`;
    if (!silent) return `${tested}: unlikely to be chance alone`;
    const worst = `in the worst case ${pText(pWorst)}`;
    if (holds) return `${tested}, ${worst}: unlikely to be chance alone, however the others point`;
    return `${tested}, ${worst}: it hangs on the results that were not printed (if ${point} of them ${points(point)} the other way, it could be chance alone)`;
  }

  // Whether shared groups, counted once, have to bear what the test says.
  const bears = ({ once, tooFew, p }) => Boolean(once) && !tooFew && p < ALPHA;

  // The p-values in a cell of a table.
  function tested(test) {
    const { n, silent, tooFew, p, pWorst, once } = test;
    if (!n) return "";
    if (tooFew) return "too few";
    if (bears(test)) return `${pText(p)}; with shared groups once ${tested(once) || "none"}`;
    return silent ? `${pText(p)}; in the worst case ${pText(pWorst)}` : pText(p);
  }

  return { percent, pText, signTest, verdict, bears, tested };
})();
