"""Ask services: what is stored is not asked again, what is answered is stored at once, and a
service that fails does not stop the others.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evidence.literature import crossref, europepmc, pubmed
from evidence.literature.cache import Answer, Cache
from evidence.literature.record import Record, cleaned
from evidence.literature.session import ServiceError, Session, Unreachable
from evidence.literature.settings import TITLES, Settings

CLIENTS: dict[str, Any] = {"crossref": crossref, "pubmed": pubmed, "europepmc": europepmc}
FRESH = 7  # days for which a stored answer is taken
ENOUGH = 3  # failures in a row after which a service is left alone
NOT_STORED = "not stored"
DAY = 86_400


@dataclass
class Answers:
    """What a service said to each question, and why some have no answer."""

    known: dict[str, Answer] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def record(self, service: str, question: str) -> Record | None:
        """The record that answers a question; None when the service does not know what was asked
        for, or gave no answer.
        """
        answer = self.known.get(question)
        if answer and answer.body is not None:
            return cleaned(CLIENTS[service].record(answer.body))
        return None


class Asking:
    """Questions to the services.

    Parameters
    ----------
    settings : Settings
    offline : bool
        Use stored answers of any age, and make no request.
    fresh : float
        Days for which a stored answer is taken.

    Attributes
    ----------
    requests : int
        How many requests were sent.
    """

    def __init__(self, settings: Settings, offline: bool = False, fresh: float = FRESH):
        self.settings, self.offline = settings, offline
        # Counted from the beginning: what is asked from here on is fresh to the end.
        self._oldest = 0.0 if offline else time.time() - fresh * DAY
        self.cache = Cache(settings.cache)
        self._session = Session(settings)

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.__exit__()
        self.cache.__exit__()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._session.requests

    def ask(
        self, service: str, questions: Sequence[str], tick: Callable[[int], object] = lambda n: None
    ) -> Answers:
        """What a service knows of some papers."""
        client = CLIENTS[service]
        unique = list(dict.fromkeys(questions))
        # What is stored and cannot be read any more is asked for again.
        answers = Answers(
            {
                question: answer
                for question, answer in self.cache.get(service, unique, self._oldest).items()
                if _readable(service, answer)
            }
        )
        tick(len(answers.known))
        left = [question for question in unique if question not in answers.known]
        if self.offline:
            return self._fail(answers, left, NOT_STORED, tick)
        work = deque(
            left[start : start + client.BATCH] for start in range(0, len(left), client.BATCH)
        )
        in_a_row = 0
        while work:
            batch = work.popleft()
            try:
                answers.known |= self._asked(service, batch)
                tick(len(batch))
                in_a_row = 0
            except (Unreachable, ServiceError) as error:
                in_a_row += 1
                if isinstance(error, Unreachable) or in_a_row >= ENOUGH:
                    left = [*batch, *(question for other in work for question in other)]
                    return self._fail(answers, left, str(error), tick)
                if len(batch) > 1:
                    # One of them may spoil the request for the others.
                    work.extendleft([question] for question in reversed(batch))
                else:
                    self._fail(answers, batch, str(error), tick)
        return answers

    def _asked(self, service: str, batch: Sequence[str]) -> dict[str, Answer]:
        """Answers to a few questions; another process may have asked them while this one waited for
        its turn.
        """
        with self.cache.turn(service, self.settings.pause_of(service)):
            known = self.cache.get(service, batch, self._oldest)
            left = [
                question
                for question in batch
                if question not in known or not _readable(service, known[question])
            ]
            if left:
                with _understood(service):
                    said = CLIENTS[service].ask(self._session, left)
                    for body in said.values():
                        if body is not None:
                            CLIENTS[service].record(body)
                self.cache.put(service, said)
        return self.cache.get(service, batch, self._oldest)

    @staticmethod
    def _fail(
        answers: Answers, questions: Sequence[str], why: str, tick: Callable[[int], object]
    ) -> Answers:
        answers.failed |= dict.fromkeys(questions, why)
        tick(len(questions))
        return answers

    def numbers(self, terms: str, since: date | None, until: date) -> dict[str, Any]:
        """Numbers of the records in PubMed that meet the terms; see
        :func:`evidence.literature.pubmed.search`.
        """
        key = f"search {since or ''} {until} {terms}"
        return self._kept(
            "pubmed",
            key,
            lambda: {key: json.dumps(pubmed.search(self._session, terms, since, until))},
        )

    def page(self, terms: str, since: date | None, until: date, cursor: str) -> dict[str, Any]:
        """A page of a search in Europe PMC: ``found``, ``ids`` (questions that are answered now)
        and ``next``.
        """
        key = _page_key(terms, since, until, cursor)

        def asked() -> dict[str, str | None]:
            page = europepmc.search(self._session, terms, since, until, cursor)
            records = dict(europepmc.kept(page["results"]))
            return {
                **records,
                key: json.dumps(
                    {"found": page["found"], "ids": list(records), "next": page["next"]}
                ),
            }

        return self._kept("europepmc", key, asked)

    def forget_pages(
        self, terms: str, since: date | None, until: date, cursors: Sequence[str]
    ) -> None:
        """Ask for these pages again the next time: together they are not what was searched."""
        keys = [_page_key(terms, since, until, cursor) for cursor in cursors]
        self.cache.put("europepmc", dict.fromkeys(keys))

    def _kept(
        self, service: str, key: str, asked: Callable[[], dict[str, str | None]]
    ) -> dict[str, Any]:
        if self.offline:
            known = _found(self.cache.get(service, [key]).get(key))
            if known is None:
                raise ServiceError(f"{TITLES[service]}: this search is {NOT_STORED}")
            return known
        with self.cache.turn(service, self.settings.pause_of(service)):
            known = _found(self.cache.get(service, [key], self._oldest).get(key))
            if known is None:
                with _understood(service):
                    said = asked()
                self.cache.put(service, said)
                known = json.loads(said[key] or "{}")
        return known


def _page_key(terms: str, since: date | None, until: date, cursor: str) -> str:
    return f"search {since or ''} {until} {cursor} {terms}"


def _found(answer: Answer | None) -> dict[str, Any] | None:
    """A stored page of a search; None when there is none that can be read."""
    try:
        found = None
        if answer and answer.body:
            found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and isinstance(found.get("ids"), list):
        return found
    return None


def _readable(service: str, answer: Answer) -> bool:
    try:
        with _understood(service):
            return answer.body is None or bool(cleaned(CLIENTS[service].record(answer.body)))
    except ServiceError:
        return False


@contextmanager
def _understood(service: str) -> Iterator[None]:
    """A service may send anything: what its client stumbles over is an answer of another form."""
    try:
        yield
    except (
        TypeError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise ServiceError(
            f"{TITLES[service]} answers in a form that is not understood ({type(error).__name__}:"
            f" {str(error)[:100]})"
        ) from None
