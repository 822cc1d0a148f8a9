"""Columns that hold numbers of the two arms of a comparison: events, totals, means, spread, time.

Names such as ``n1i``, ``Ne``, ``tpos``, ``Control_SD`` or "Events (intervention)" name a number and
an arm. They are read only as whole sets, of which an effect can be worked out; a part of a set, or
several sets next to each other, stay columns of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from evidence.importing.measured import describes_people, is_of_people, words_of_name
from evidence.importing.shares import kind_of_share, without_share

STATS = {
    "events": (
        "events event x cases case deaths died responders resp response pos positive "
        "success successes numerator evt e"
    ),
    "nonevents": "nonevents nonevent neg negative fail failure failures noevents noevent",
    "n": "n total size number denominator randomised randomized tot",
    "mean": "m mean means average avg",
    "sd": "sd s std stdev sds",
    "se": "se sem stderr",
    "time": "time persontime personyears py pt",
}
CONTROL = (
    "c con ctrl ctl ctr cont control controls placebo plac pbo unexposed untreated comparator "
    "comparison usual sham k cg kontrolle kontrollgruppe temoin temoins"
)
EXPOSED = (
    "t trt treat treated treatment int interv intervention exp experimental exposed exposure e "
    "active drug verum tx ig"
)
FILLERS = (
    "arm",
    "arms",
    "group",
    "grp",
    "groups",
    "of",
    "in",
    "the",
    "number",
    "no",
    "i",
    "participants",
)
STAT_OF = {word: stat for stat, words in STATS.items() for word in words.split()}
ARM_OF = {
    **dict.fromkeys(CONTROL.split(), "control"),
    **dict.fromkeys(EXPOSED.split(), "exposed"),
}
TELLING = ("deaths", "died")  # events that are outcomes as well
NUMBERED = {"1": "exposed", "2": "control"}
GLUED_STATS = "n|m|mean|sd|sem?|s|x|e|ev|events?|tot|total|y"
GLUED_ARMS = "t|c|e|k|[1-9]|trt|treat|treated|ctrl|con|cont|control|controls|exp|placebo|plac|int"
STAT_ARM = re.compile(rf"({GLUED_STATS})({GLUED_ARMS})i?")
ARM_STAT = re.compile(rf"({GLUED_ARMS})(pos|neg|n|mean|sd|sem?|events?|total)i?")
PERSON_TIME = re.compile(r"(?:person|subject|woman)[ -]?(?:years?|months?|days?|time)", re.I)
SHARE_OF_ARM = re.compile(r"(.*)\b(percent|proportion) (exposed|control)")  # as we write it
LETTERS = {"y": "mean", "ev": "events"}
NON_EVENTS = re.compile(r"\bnon[ -]?(?:cases?|events?|responders?|responses?)\b", re.I)
# Names of metafor, the program for meta-analysis in R; its arms have numbers.
METAFOR = {
    "ai": ("events", "1"),
    "bi": ("nonevents", "1"),
    "ci": ("events", "2"),
    "di": ("nonevents", "2"),
    "a": ("events", "1"),
    "b": ("nonevents", "1"),
    "c": ("events", "2"),
    "d": ("nonevents", "2"),
    "t1i": ("time", "1"),
    "t2i": ("time", "2"),
}
# Numbers of each arm that make an effect, the most telling first.
SETS = (
    ("mean", "sd", "n"),
    ("mean", "se", "n"),
    ("events", "n"),
    ("events", "nonevents"),
    ("events", "time"),
    ("percent", "n"),
    ("proportion", "n"),
)


def arm_columns(
    names: Sequence[str], numeric: Collection[str], outcomes: Collection[str] = ()
) -> tuple[dict[str, str], str]:
    """Targets of the columns that hold numbers of two arms.

    Parameters
    ----------
    names : sequence of str
        Columns of the file.
    numeric : collection of str
        Those whose cells are numbers.
    outcomes : collection of str, optional
        Outcomes that the file names: weight, say, is one of those who take part unless it is there.

    Returns
    -------
    dict of str to str
        Target of each column of a whole set, such as ``events_exposed``.
    str
        What was not read although sets are there; empty when there are none, or one.

    Examples
    --------
    >>> arm_columns(["study", "tpos", "tneg", "cpos", "cneg"], {"tpos", "tneg", "cpos", "cneg"})[0]
    {'tpos': 'events_exposed', 'tneg': 'nonevents_exposed', 'cpos': 'events_control', \
'cneg': 'nonevents_control'}
    """
    found, sets = _found(names, numeric, outcomes), arm_sets(names, numeric, outcomes)
    if len(sets) > 1:
        return {}, several_sets(list(sets.values()))
    third = next(filter(None, map(_of_more_arms, found.values())), [])
    if third and not sets:
        return {}, more_than_two(third, "mean")
    return next(iter(sets.values()), {}), "" if sets else _rates(found)


def several_sets(sets: Sequence[Mapping[str, str]]) -> str:
    """What is said of several sets of columns with numbers of two arms."""
    several = "; ".join(", ".join(chosen) for chosen in sets)[:300]
    theirs, ours = next(iter(sets[0].items()))
    what = f"numbers of arms are in several sets ({several}), and none was read"
    return f"{what}; --map '{theirs}={ours}' and so on for the columns of one set"


def more_than_two(names: Sequence[str], stat: str) -> str:
    """What is said of numbers of three arms and more."""
    what = f"numbers of more than two arms ({', '.join(names)[:300]}) were not read"
    return f"{what}; --map 'COLUMN={stat}_exposed' and so on says which two are compared"


def _of_more_arms(own: Mapping[tuple[str, str], str]) -> list[str]:
    """Columns of more than two arms: with numbers, or with names beside that of the control."""
    if _has_third(own):
        return list(own.values())
    whole = []
    for arm in sorted({arm for _, arm in own if arm.startswith("=")}):
        sets = (_whole(own, own, stats, (arm, "control")) for stats in SETS)
        whole += list(filter(None, sets))[:1]
    return list(dict.fromkeys(name for made in whole for name in made)) if len(whole) > 1 else []


def people_note(names: Sequence[str], outcomes: Collection[str]) -> str:
    """What is said of columns with numbers of both arms that say who took part."""
    said = [
        name
        for name in names
        if (describes_people(name, outcomes) and _of_arm(name)) or counts_people(name)
    ]
    if len(said) < 2:
        return ""
    listed, both = ", ".join(said), {"mean", "sd"} <= set(words_of_name(said[0]))
    stat = "events" if counts_people(said[0]) else "mean_sd" if both else "mean"
    return (
        f"{listed[:300]} say who took part or what was before, not what came of it: they are"
        f" columns of their own, without an effect; --map '{said[0]}={stat}_exposed' and so on"
        " makes one"
    )


def _of_arm(name: str) -> bool:
    return any(not arm.startswith("=") for _, _, arm in readings(name))


def counts_people(name: str) -> bool:
    """Whether a name says whom of an arm it counts, and nothing that happened to them."""
    if not set(words_of_name(name)) & set(ARM_OF):
        return False
    left = [word for word in words_of_name(name) if word not in ARM_OF and word not in FILLERS]
    return is_of_people([word for word in left if STAT_OF.get(word) != "n"])


def _rates(found: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """A note on rates: what they are counted in is not told."""
    names = [name for own in found.values() for (stat, _), name in own.items() if stat == "rate"]
    listed = ", ".join(dict.fromkeys(names))
    return f"{listed[:300]}: a rate is not a count, and was not read as events" if names else ""


def is_numbered(names: Collection[str]) -> bool:
    """Whether the names of a set say of the arms that they are 1 and 2, and no more.

    >>> is_numbered(["e1", "n1", "e2", "n2"]), is_numbered(["tpos", "cpos"])
    (True, False)
    """
    read = [{arm for _, _, arm in readings(name)} for name in names]
    return bool(read) and all(arms & set(NUMBERED) for arms in read)


def arm_sets(
    names: Sequence[str], numeric: Collection[str], outcomes: Collection[str] = ()
) -> dict[str, dict[str, str]]:
    """The whole sets of columns with numbers of two arms, as for :func:`arm_columns`, by what their
    names begin with; each set once.

    >>> list(arm_sets(names := ["a.nti", "a.xti", "a.nci", "a.xci"], names))
    ['a']
    """
    found = _found(names, numeric, outcomes)
    whole = {prefix: chosen for prefix in found if (chosen := _set(found, prefix))}
    once = {tuple(sorted(chosen)): prefix for prefix, chosen in reversed(whole.items())}
    return {prefix: chosen for prefix, chosen in whole.items() if prefix in once.values()}


def _found(
    names: Sequence[str], numeric: Collection[str], outcomes: Collection[str]
) -> dict[str, dict[tuple[str, str], str]]:
    """The first column of each number and arm, by what its name begins with. A name that is a
    number's by itself, such as SE, comes last: it can also be the spread S of the arm E. Numbers
    of who took part are left out.
    """
    found: dict[str, dict[tuple[str, str], str]] = {}
    named = [name for name in names if not describes_people(name, outcomes)]
    for name in sorted(named, key=lambda one: one.strip().casefold() in STAT_OF):
        for prefix, stat, arm in readings(name) if name in numeric else ():
            found.setdefault(prefix, {}).setdefault((stat, arm), name)
    return found


def readings(name: str) -> list[tuple[str, str, str]]:
    """What a name can mean: a prefix for what is measured, the number, and the arm. What is a share
    is not a count.
    """
    if made := SHARE_OF_ARM.fullmatch(name.strip().casefold()):
        return [(made[1].strip(), made[2], made[3])]
    share = kind_of_share(name)
    read = _plain_readings(without_share(name) if share else name)
    if not share or not {stat for _, stat, _ in read} & {"events", "nonevents"}:
        return _plain_readings(name)
    if any(stat == "n" for _, stat, _ in read):
        return []  # a count with its share, and the cells hold one of them
    return [
        (prefix, share if stat == "events" else stat, arm)
        for prefix, stat, arm in read
        if stat != "nonevents"
    ] or [(prefix, "rate", arm) for prefix, _, arm in read]


def means_or_events(names: Sequence[str]) -> set[str]:
    """Which of means and events the names of columns say of two arms.

    >>> means_or_events(["lnRR", "mean treated", "mean control"]), means_or_events(["lnRR", "se"])
    ({'mean'}, set())
    """
    kinds = {"mean": "mean", "sd": "mean", "events": "events", "nonevents": "events"}
    kinds |= {"percent": "events", "proportion": "events"}
    read = [one for name in names if not describes_people(name) for one in readings(name)]
    arms: dict[str, set[str]] = {}
    for _, stat, arm in read:
        if not arm.startswith("="):
            arms.setdefault(stat, set()).add(arm)
    both = {stat for stat, several in arms.items() if len(several) > 1}
    return {"mean"} if "sd" in both else {kinds[stat] for stat in both if stat in kinds}


def log_of_ratio(theirs: str, header: Sequence[str]) -> tuple[str, str, str]:
    """Target, measure and a note for a logarithm of RR. It can be one of a ratio of means: beside
    means it stays as it is, an effect without a name; where nothing tells, that is said.

    >>> log_of_ratio("logRR", ["logRR", "events treated", "events control"])
    ('log_estimate', 'RR', '')
    >>> log_of_ratio("lnRR", ["lnRR", "mean treated", "mean control"])[:2]
    ('estimate', 'ES')
    """
    beside = means_or_events(header)
    if "events" in beside:
        return "log_estimate", "RR", ""
    if "mean" in beside:
        said = f"means stand beside {theirs!r}: it was read as the logarithm of their ratio, ES"
        return "estimate", "ES", f"{said}; --map '{theirs}=log_estimate:RR' reads a risk ratio"
    said = f"{theirs!r} was read as the logarithm of a risk or rate ratio; if it is one of means"
    return "log_estimate", "RR", f"{said}, --map '{theirs}=estimate:ES' keeps it as it is"


def what_is_measured(exposed: str, control: str) -> str:
    """What two names of columns say of what was measured, beside the number and the arm.

    >>> what_is_measured("Pain mean (drug)", "Pain mean (placebo)"), what_is_measured("ai", "ci")
    ('pain', '')
    """
    if {exposed.strip().casefold(), control.strip().casefold()} & set(METAFOR):
        return ""
    both = [_left_of(name) for name in (exposed, control)]
    return " ".join(word for word in both[0] if word in both[1])


def _left_of(name: str) -> list[str]:
    left = []
    for word in words_of_name(without_share(name), lambda word: bool(_glued(word))):
        stat = STAT_OF.get(word) and word not in TELLING
        if not stat and word not in (*ARM_OF, *FILLERS) and not _glued(word) and len(word) > 1:
            left.append(word)
    return left


def _plain_readings(name: str) -> list[tuple[str, str, str]]:
    short = name.strip().casefold()
    if short in METAFOR:
        return [("", *METAFOR[short])]
    name = NON_EVENTS.sub("nonevents", PERSON_TIME.sub("persontime", name))
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = [re.findall(r"[a-z]+\d*[a-z]*|\d+", text.casefold()) for text in (name, parts)]
    found = []
    for tokens in words:
        for place, token in enumerate(tokens):
            for stat, arm in _glued(token):
                rest = tokens[:place] + tokens[place + 1 :]
                found.append((" ".join(rest), stat, arm))
        found += _apart(tokens)
    return list(dict.fromkeys(found))


def _glued(token: str) -> list[tuple[str, str]]:
    found = []
    if match := STAT_ARM.fullmatch(token):
        stat = LETTERS.get(match[1]) or STAT_OF[match[1]]
        found.append((stat, ARM_OF.get(match[2], match[2])))
        if match[1] == "x":  # events, or means beside their spread
            found.append(("mean", found[0][1]))
    if match := ARM_STAT.fullmatch(token):
        found.append((STAT_OF[match[2]], ARM_OF.get(match[1], match[1])))
    return found


def _apart(tokens: list[str]) -> list[tuple[str, str, str]]:
    """Readings of a name whose number and arm are words of their own."""
    found = []
    for place, token in enumerate(tokens):
        if token not in STAT_OF or len(tokens) < 2:
            continue
        rest = [one for one in tokens[:place] + tokens[place + 1 :] if one not in FILLERS]
        arms = [one for one in rest if one in ARM_OF or one in NUMBERED or one == "p"]
        if len(arms) == 1:
            prefix = " ".join(one for one in rest if one not in arms)
            arm = ARM_OF.get(arms[0], arms[0]) if arms[0] != "p" else "control"
            found.append((prefix, STAT_OF[token], arm))
        elif not arms and rest:
            found.append(("", STAT_OF[token], "=" + " ".join(rest)))
    return found


def _set(found: Mapping[str, Mapping[tuple[str, str], str]], prefix: str) -> dict[str, str]:
    """Columns of the first whole set under a prefix, with their targets; sizes may stand without
    the prefix, as several outcomes share them.
    """
    own = found[prefix]
    shared = {key: name for key, name in found.get("", {}).items() if key[0] in ("n", "time")}
    pool = {**shared, **own}
    if _has_third(own):
        return {}  # which two arms are compared is not told
    others = sorted({arm for _, arm in own if arm.startswith("=")})
    for stats in SETS:
        for arms in ([("exposed", "control"), ("1", "2")], [(arm, "control") for arm in others]):
            whole = [made for pair in arms if (made := _whole(pool, own, stats, pair))]
            if len(whole) == 1:
                return whole[0]
    return {}


def _has_third(own: Mapping[tuple[str, str], str]) -> bool:
    """Whether numbers of more than two arms have one name."""
    return any(arm.strip("=") in tuple("3456789") for _, arm in own)


def _whole(
    pool: Mapping[tuple[str, str], str],
    own: Mapping[tuple[str, str], str],
    stats: Sequence[str],
    arms: tuple[str, str],
) -> dict[str, str]:
    keys = [(stat, arm) for arm in arms for stat in stats]
    names = [pool.get(key, "") for key in keys]
    if not all(names) or len(set(names)) < len(names) or not any(key in own for key in keys):
        return {}
    targets = [f"{stat}_{arm}" for arm in ("exposed", "control") for stat in stats]
    return dict(zip(names, targets, strict=True))
