"""``controlplane demo``: a server, the example company beside it, and what to do with them."""

from __future__ import annotations

import contextlib
import queue
import secrets
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from controlplane.cli.errors import UserError
from controlplane.demo import processes
from controlplane.demo.client import Client
from controlplane.demo.dunning import notices
from controlplane.demo.governing import govern
from controlplane.demo.ports import Ports, address, choose
from controlplane.demo.screen import Screen
from controlplane.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples"
#: What the company declares: its workflows, its own words for what is exchanged, and what each system's fields mean in them.
DECLARED = ("quote-to-cash", "canonical", "mappings", "interfaces")
_SLA = "invoice-posting"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for; ``data_dir`` None is a directory that goes away again."""

    days: float
    seed: int
    live: bool
    data_dir: Path | None


def demo(options: Options, settings: Settings, screen: Screen) -> None:
    """Run until Ctrl-C, which raises ``KeyboardInterrupt`` here once both children have ended.

    Raises:
        UserError: something did not start or went wrong; one line says what.
    """
    if not EXAMPLES.is_dir():
        raise UserError(
            f"the demo needs the example manifests in {EXAMPLES}, which are not part of an installed package; "
            "run it from a checkout of the repository"
        )
    with _directory(options.data_dir) as folder:
        screen.title(options.seed, folder, kept=options.data_dir is not None)
        ports = choose(settings)
        for sentence in ports.moved:
            screen.say(sentence)
        token = settings.bootstrap_token.get_secret_value() if settings.bootstrap_token else secrets.token_urlsafe(24)
        Demo(options, settings, screen, folder, ports, token).run()


@contextlib.contextmanager
def _directory(wanted: Path | None) -> Iterator[Path]:
    if wanted is not None:
        wanted.mkdir(parents=True, exist_ok=True)
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="northwind-") as name:
        yield Path(name)


@dataclass(slots=True)
class Demo:
    """One demo with its places at hand."""

    options: Options
    settings: Settings
    screen: Screen
    folder: Path
    ports: Ports
    token: str

    @property
    def base(self) -> str:
        """Where the pages are."""
        return address(self.settings.host, self.ports.http)

    def run(self) -> None:
        """Start the server, then the company; end the company first."""
        log = self.folder / "server.log"
        with processes.server(self._server_settings(), log) as server:
            try:
                with contextlib.closing(Client(self.base, self.token)) as client:
                    self._served(client, server)
            except UserError as error:
                if server.poll() is None:
                    raise
                raise UserError(f"{error}; the end of the server's log: {processes.last_words(log)}") from error

    def _server_settings(self) -> dict[str, str]:
        return {
            "CONTROLPLANE_DATA_DIR": str(self.folder),
            "CONTROLPLANE_HOST": self.settings.host,
            "CONTROLPLANE_PORT": str(self.ports.http),
            "CONTROLPLANE_OTLP_HTTP_PORT": str(self.ports.otlp_http),
            "CONTROLPLANE_OTLP_GRPC_PORT": str(self.ports.otlp_grpc),
            "CONTROLPLANE_OTLP_OPEN": "true",
            "CONTROLPLANE_BOOTSTRAP_TOKEN": self.token,
            "CONTROLPLANE_LOG_LEVEL": self.settings.log_level,
        }

    def _served(self, client: Client, server: subprocess.Popen[bytes]) -> None:
        with self.screen.waiting("Starting the server"):
            client.wait_until_ready(lambda: server.poll() is None)
        self.screen.declared(client.apply([EXAMPLES / name for name in DECLARED]), EXAMPLES)
        govern(client, EXAMPLES)
        client.tell(notices(datetime.now(UTC)))
        known = client.figures(_SLA).count
        if known:
            self.screen.say(f"{known:,} invoices are here from an earlier run, so no history is sent again.")
        # The exporters read their headers from here, as they do in any instrumented program.
        headers = {"OTEL_EXPORTER_OTLP_HEADERS": f"authorization={quote(f'Bearer {client.collector_token()}')}"}
        with processes.company(self._company_arguments(not known), headers, self.folder / "company.log") as company:
            reports = _reports(company)
            if not known:
                self._loaded(client, reports, company)
            self._announce(client)
            self._watch(reports, server, company)

    def _company_arguments(self, history: bool) -> list[str]:  # noqa: FBT001  a private step of one caller
        return [
            f"--grpc={address(self.settings.host, self.ports.otlp_grpc)}",
            f"--http={address(self.settings.host, self.ports.otlp_http)}",
            f"--seed={self.options.seed}",
            f"--days={self.options.days}",
            "--history" if history else "--no-history",
            "--live" if self.options.live else "--no-live",
        ]

    def _loaded(self, client: Client, reports: queue.Queue[dict[str, Any]], company: subprocess.Popen[bytes]) -> None:
        with self.screen.loading(self.options.days) as bar:
            while (report := reports.get())["at"] != "history":
                if report["at"] == "planned":
                    bar.of(report["spans"])
                elif report["at"] == "sent":
                    bar.reached(report["spans"])
                else:
                    raise UserError(self._company_trouble(report, company))
        self.screen.loaded(report)
        with self.screen.waiting("Joining the traces into timelines"):
            figures = client.wait_for(_SLA, report["invoices"])
        self.screen.figures(figures)

    def _announce(self, client: Client) -> None:
        self.screen.ready(
            pages=self.base,
            link=client.login_link(),
            token=self.token,
            grpc=address(self.settings.host, self.ports.otlp_grpc),
            http=address(self.settings.host, self.ports.otlp_http),
            live=self.options.live,
        )

    def _watch(
        self,
        reports: queue.Queue[dict[str, Any]],
        server: subprocess.Popen[bytes],
        company: subprocess.Popen[bytes],
    ) -> None:
        """Stay until Ctrl-C; complain if a child ends that should not."""
        while True:
            with contextlib.suppress(queue.Empty):
                report = reports.get(timeout=1.0)
                if report["at"] in ("failed", "ended") and (self.options.live or company.wait() != 0):
                    raise UserError(self._company_trouble(report, company))
            if server.poll() is not None:
                raise UserError(f"the server ended by itself with exit code {server.returncode}")

    def _company_trouble(self, report: dict[str, Any], company: subprocess.Popen[bytes]) -> str:
        if report["at"] == "failed":
            return str(report["message"])
        words = processes.last_words(self.folder / "company.log")
        return f"the example company ended by itself with exit code {company.wait()}: {words}"


def _reports(company: subprocess.Popen[bytes]) -> queue.Queue[dict[str, Any]]:
    """The company's reports as they come, then ``{"at": "ended"}``."""
    reports: queue.Queue[dict[str, Any]] = queue.Queue()
    stream = company.stdout
    if stream is None:
        raise AssertionError("the company is started with a pipe")

    def read() -> None:
        # The pipe is closed under the reader when the demo ends.
        with contextlib.suppress(ValueError):
            for line in stream:
                reports.put(orjson.loads(line))
        reports.put({"at": "ended"})

    threading.Thread(target=read, name="company-reports", daemon=True).start()
    return reports
