"""The door to the network: one session for all services, with patience, manners and limits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_tz
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader, MaxRetryError, NewConnectionError, ResponseError
from urllib3.util.retry import Retry

from evidence import __version__
from evidence.errors import NetworkError
from evidence.literature.settings import TITLES, Settings
from evidence.quoting import one_line

AGAIN = (429, 500, 502, 503, 504)
REDIRECTS = 5
CHUNK = 65_536
READINGS = 3  # how often an answer that breaks off is read again
NO_CONNECTION = (
    requests.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
)
LONGEST = 500  # characters of a message
KINDS = {"json": "JSON", "xml": "XML"}


class Said(NetworkError):
    """What went wrong with a service, on one line: parts of it are words of the service."""

    def __init__(self, said: str):
        super().__init__(one_line(said)[:LONGEST])


class Unreachable(Said):
    """No connection to a service can be made: there is no use in asking it more."""


class ServiceError(Said):
    """A service answered, but not as it should; other questions may fare better."""


class Patience(Retry):
    """Retries with growing waits, and as long as the service asks for; asked for too long a wait,
    it gives up at once instead of coming early. A wait that cannot be read is none.
    """

    def get_retry_after(self, response) -> float | None:
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None

    def increment(
        self, method=None, url=None, response=None, error=None, _pool=None, _stacktrace=None
    ) -> Patience:
        asked = self.get_retry_after(response) if response is not None else None
        if asked and asked >= self.retry_after_max:
            raise MaxRetryError(_pool, url or "", ResponseError("too long a wait"))
        return super().increment(method, url, response, error, _pool, _stacktrace)


class Session:
    """Requests to the services.

    Parameters
    ----------
    settings : Settings
        Addresses, contact, waits and limits.

    Attributes
    ----------
    requests : int
        How many were sent, repetitions by :class:`Patience` not counted.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.requests = 0
        self._session = requests.Session()
        self._session.max_redirects = REDIRECTS
        self._session.headers["User-Agent"] = user_agent(settings.contact)
        patience = Patience(
            total=settings.tries,
            connect=min(1, settings.tries),
            status_forcelist=AGAIN,
            allowed_methods={"GET", "POST"},  # a form asks, too: it changes nothing there
            backoff_factor=settings.backoff,
            backoff_max=settings.longest_wait,
            retry_after_max=int(settings.longest_wait),
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=patience))

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(
        self,
        service: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        kind: str = "json",
        form: bool = False,
        unknown: str = "",
    ) -> str | None:
        """The words of a service's answer; None when it does not know what was asked for.

        ``form`` sends the parameters as a form instead of in the address, which must not be too
        long. ``unknown`` is what the service itself says, with status 404, of what it does not
        know: any other 404 comes from a wrong address, or from somebody in between.
        """
        title = TITLES[service]
        address = f"{self.settings.addresses[service]}/{path}"
        for reading in range(1, READINGS + 1):
            self.requests += 1
            try:
                with self._session.request(
                    "POST" if form else "GET",
                    address,
                    params=None if form else parameters,
                    data=parameters if form else None,
                    stream=True,
                    timeout=(self.settings.connect, self.settings.read),
                    headers=_accepts(kind),
                ) as answer:
                    if self._unknown(answer, title, unknown):
                        return None
                    if answer.status_code != 200:
                        raise ServiceError(
                            f"{title} answers with status {answer.status_code}"
                            f" ({answer.reason}){_asks(answer.headers.get('Retry-After'))}"
                        )
                    _is_of_kind(answer, title, kind)
                    return self._read(answer, title)
            except (
                requests.exceptions.ChunkedEncodingError,
                requests.exceptions.ContentDecodingError,
            ) as error:
                if reading == READINGS:
                    raise ServiceError(
                        f"{title} breaks off in the middle of its answer: {_reason(error)}"
                    ) from None
            except requests.TooManyRedirects:
                raise ServiceError(
                    f"{title} redirects from one address to the next without end"
                ) from None
            except requests.RequestException as error:
                if isinstance(error, NO_CONNECTION) or isinstance(
                    _cause(error), NewConnectionError
                ):
                    raise Unreachable(f"{title} cannot be reached: {_reason(error)}") from None
                raise ServiceError(f"{title} does not answer: {_reason(error)}") from None
        raise AssertionError("every reading returns or raises")

    def _unknown(self, answer: requests.Response, title: str, said: str) -> bool:
        """Whether a service says in its own words that it does not know what was asked for."""
        if answer.status_code != 404 or not said or _is_html(answer):
            return False
        return self._read(answer, title).strip() == said

    def _read(self, answer: requests.Response, title: str) -> str:
        """The content, read in parts so that a limit holds."""
        parts, size = [], 0
        for part in answer.iter_content(CHUNK):
            parts.append(part)
            size += len(part)
            if size > self.settings.largest:
                raise ServiceError(
                    f"{title} answers with more than {self.settings.largest:,} bytes"
                )
        try:
            return b"".join(parts).decode("utf-8")
        except UnicodeDecodeError:
            raise ServiceError(f"{title} answers in characters that are not UTF-8") from None


def user_agent(contact: str) -> str:
    """How requests introduce themselves.

    >>> user_agent("").startswith("evidence-explorer/"), "mailto" in user_agent("")
    (True, False)
    """
    return f"evidence-explorer/{__version__}" + (f" (mailto:{contact})" if contact else "")


def _asks(wait: str | None) -> str:
    """How long a service asks to wait, in words; none where that cannot be read.

    >>> _asks("60"), _asks("soon"), _asks("-5")
    ('; it asks to wait 60 seconds', '', '')
    >>> _asks("Wed, 21 Oct 2099 07:28:00 GMT")
    '; it asks to wait until Wed, 21 Oct 2099 07:28:00 GMT'
    """
    wait = (wait or "").strip()
    if re.fullmatch("[0-9]{1,18}", wait):
        return f"; it asks to wait {wait} seconds"
    return f"; it asks to wait until {wait}" if parsedate_tz(wait) else ""


def read_json(text: str, title: str) -> dict[str, Any]:
    """An answer as JSON."""
    try:
        read = json.loads(text)
        if (
            "\\ud" in text.lower()
        ):  # half a surrogate pair, which no file and no store can hold, becomes a question mark
            read = json.loads(json.dumps(read, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise ServiceError(f"{title} answers with broken JSON: {error}") from None
    if not isinstance(read, dict):
        raise ServiceError(f"{title} answers with JSON of another form")
    return read


def _accepts(kind: str) -> dict[str, str]:
    return {"Accept": "application/json" if kind == "json" else "application/xml, text/xml"}


def _stated(answer: requests.Response) -> str:
    """The kind of content that an answer says it is."""
    return answer.headers.get("Content-Type", "").split(";")[0].strip().lower()[:100]


def _is_html(answer: requests.Response) -> bool:
    return "html" in _stated(answer)


def _is_of_kind(answer: requests.Response, title: str, kind: str) -> None:
    stated = _stated(answer)
    if kind not in stated:
        hint = ""
        if _is_html(answer):
            hint = "; a login page or a proxy may be in between"
        raise ServiceError(
            f"{title} answers with {stated or 'content of no stated type'} instead of"
            f" {KINDS[kind]}{hint}"
        )


def _cause(error: BaseException) -> BaseException:
    """The innermost error that others were wrapped around."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException):
        inner = next((part for part in error.args if isinstance(part, BaseException)), None)
    return _cause(inner) if inner is not None else error


def _reason(error: BaseException) -> str:
    """The innermost cause in a few words, without the address, which can hold a key."""
    cause = _cause(error)
    text = str(cause.args[-1]) if cause.args else str(cause)
    text = text.split("(Caused by")[0].rsplit(": ", 1)[-1].strip(" >'\"")
    return text[:160] or type(cause).__name__
