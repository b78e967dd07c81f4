"""The gate of a running server: what it judges by, held as long as it stays the same."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from policies.gate import keeping
from policies.gate.answer import Answer, answer_of, storable
from policies.gate.applying import Applying
from policies.gate.evaluation import Evaluation, Proposed, evaluate
from policies.gate.keeping import Question
from policies.gate.kept import Kept
from policies.gate.snapshot import Snapshot, read_snapshot
from policies.gate.usage import Usage
from policies.gate.writing import Together
from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.house import INFO
from registry.compat.model import DocumentError, Format, Report
from registry.compat.source_map import Document, read_document, read_once
from registry.database import Database
from registry.kinds.api import APIManifest
from registry.kinds.schema import SchemaManifest
from registry.schemas import versions
from registry.schemas.judge import Registered, finder, judge, propose, registered

log = logging.getLogger(__name__)
_USAGE_FRESH = timedelta(minutes=1)
_FORGET_EVERY = timedelta(hours=6)
_AT_ONCE = 2
#: Characters of a registered text that is held ready as values, which take some ten times as much memory.
_READY = 64 * 1024
_IN_VALUES = frozenset({Format.JSON_SCHEMA, Format.OPENAPI, Format.ASYNCAPI})

#: What was seen of an API's calls at a moment; None where no traces are read.
UsageReader = Callable[[APIManifest, datetime], Usage | None]


class UnknownSubjectError(LookupError):
    """A subject that is not declared."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A declared schema with all that a new document of it is judged against.

    ``read`` has those of the registered texts that are JSON or YAML and short enough to be held ready, with their documents.
    """

    manifest: SchemaManifest
    number: int
    registered: Registered
    read: tuple[tuple[str, Document], ...] = ()


@dataclass
class Gate:
    """Answers questions about documents. ``usage`` reads traces; each answer of it is good for a minute."""

    database: Database
    usage: UsageReader = lambda _api, _now: None
    _snapshot: Snapshot | None = None
    _subjects: Kept[tuple[str, str], Subject] = field(default_factory=lambda: Kept(256))
    _reports: Kept[tuple[str, str, str, date], Report] = field(default_factory=lambda: Kept(512))
    _usages: Kept[str, tuple[datetime, APIManifest, Usage | None]] = field(default_factory=lambda: Kept(1_000))
    _asking: set[str] = field(default_factory=set)
    _readers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "gate-usage"))
    _forgot: datetime | None = None

    def __post_init__(self) -> None:
        """From now on nothing is applied to the database that the policies forbid."""
        self._together, self._judging = Together(self.database), threading.Semaphore(_AT_ONCE)
        self.database.info[INFO] = Applying(self)

    def snapshot(self, session: Session) -> Snapshot:
        """All that is declared, read anew if anything was declared since."""
        found = self._snapshot
        if found is None or found.mark != chain.mark(session):
            found = self._snapshot = read_snapshot(session, found)
        return found

    def subject(self, session: Session, name: str) -> Subject:
        """A declared schema. Raises ``UnknownSubjectError``."""
        return self._subject(session, self.snapshot(session).mark, name)

    def _subject(self, session: Session, mark: str, name: str) -> Subject:
        found = self._subjects.get((mark, name))
        if found is not None:
            return found
        # A name of other characters is nobody's, and not every database can be asked for it.
        manifest = read.get(session, "Schema", name) if name.isascii() and name.isprintable() else None
        if not isinstance(manifest, SchemaManifest):
            raise UnknownSubjectError(name)
        current = versions.in_force(session, manifest)
        known = registered(session, manifest)
        found = Subject(manifest, current.version if current else 0, known, tuple(_read(known)))
        return self._subjects.put((mark, name), found)

    def report(self, session: Session, subject: Subject, question: Question, today: date) -> Report:
        """What the change does by the subject's own mode. Raises ``DocumentError``."""
        return self._report(session, self.snapshot(session).mark, subject, question, today)

    def _report(self, session: Session, mark: str, subject: Subject, question: Question, today: date) -> Report:
        key = (subject.manifest.name, mark, question.hash, today)
        if (held := self._reports.get(key)) is not None:
            return held
        spec = subject.manifest.spec
        proposed = propose(Format(spec.format), question.document, spec.references, finder(session), today)
        # A pipeline waits for the verdict; `controlplane check` has the time to look for a value that breaks.
        return self._reports.put(key, judge(subject.registered, proposed, today, witnesses=False))

    def ask(self, questions: Sequence[Question], actor: str, now: datetime) -> list[Answer]:
        """Judge documents and keep the answers.

        Raises:
            UnknownSubjectError: there is no such subject.
            DocumentError: a document can't be read.
        """
        # Judging is computing: more at once than there are cores makes all of them later.
        with self._judging:
            rows = self._judged(questions, now)

        def keep(session: Session) -> None:
            for question, answer, facts in rows:
                keeping.keep(session, question, answer, facts, batch=answer["batch"], actor=actor, now=now)
            self._forget(session, now)

        self._together.write(keep)
        return [answer for _, answer, _ in rows]

    def _judged(self, questions: Sequence[Question], now: datetime) -> list[tuple[Question, Answer, dict[str, Any]]]:
        """Each question with its answer and the facts that policies were judged on."""
        with read_once():
            with self.database.reading() as session:
                snapshot = self.snapshot(session)
                subjects = [self._subject(session, snapshot.mark, one.subject) for one in questions]
                reports = self._compared(
                    session, snapshot.mark, list(zip(questions, subjects, strict=True)), now.date()
                )
            batch = keeping.batch_id(questions)
            told: list[tuple[Question, Answer, dict[str, Any]]] = []
            for question, subject, report in zip(questions, subjects, reports, strict=True):
                found = self.judged(question, subject, report, snapshot, now)
                answer = {"id": question.id, "batch": batch, **answer_of(found, now)}
                told.append((question, answer, storable(found.facts)))
        return told

    def _compared(
        self, session: Session, mark: str, pairs: Sequence[tuple[Question, Subject]], today: date
    ) -> list[Report]:
        """What each change does; an error says which of several documents it is about."""
        found: list[Report] = []
        for at, (question, subject) in enumerate(pairs):
            with read_once(subject.read):
                try:
                    found.append(self._report(session, mark, subject, question, today))
                except DocumentError as error:
                    path = "document" if len(pairs) == 1 else f"documents.{at}"
                    raise DocumentError(error.message, line=error.line, column=error.column, path=path) from error
        return found

    def _forget(self, session: Session, now: datetime) -> None:
        """Let go of what is past its time, now and then."""
        if self._forgot is None or now - self._forgot > _FORGET_EVERY:
            keeping.forget(session, now)
            self._forgot = now

    def judged(
        self, question: Question, subject: Subject, report: Report, snapshot: Snapshot, now: datetime
    ) -> Evaluation:
        """The evaluation of one document."""
        old = subject.registered.documents[-1] if subject.registered.documents else ""
        proposed = Proposed(subject.manifest, subject.number, old, question.document, report)
        return evaluate(proposed, question.context, snapshot, lambda api: self.usage_of(api, now), now)

    def usage_of(self, api: APIManifest, now: datetime) -> Usage | None:
        """What was seen of an API's calls; what is older than a minute is still told once while it is read anew."""
        held = self._usages.get(api.name)
        if held is None or held[1] != api:
            return self._read_usage(api, now)
        if now - held[0] > _USAGE_FRESH and api.name not in self._asking:
            self._asking.add(api.name)
            self._readers.submit(self._refresh, api, now)
        return held[2]

    def _refresh(self, api: APIManifest, now: datetime) -> None:
        try:
            self._read_usage(api, now)
        except Exception:
            log.exception("calls of %s could not be read; what was read before is told", api.name)
        finally:
            self._asking.discard(api.name)

    def _read_usage(self, api: APIManifest, now: datetime) -> Usage | None:
        found = self.usage(api, now)
        self._usages.put(api.name, (now, api, found))
        return found

    def close(self) -> None:
        """Let go of the thread that reads usage."""
        self._readers.shutdown(wait=False, cancel_futures=True)


def _read(known: Registered) -> Iterator[tuple[str, Document]]:
    """The text in force with what it says, if it is worth holding ready."""
    for text in known.documents[-1:] if known.format in _IN_VALUES else ():
        if len(text) <= _READY:
            with suppress(DocumentError):
                yield text, read_document(text, "old")
