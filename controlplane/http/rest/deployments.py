"""What runs where, and whether a version may join it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from policies.deploying import asking
from policies.deploying.matrix import Pair
from registry.access.roles import Principal
from registry.deployments import service
from registry.deployments.service import Contract, ContractChanged, DeploymentError, Running, Used
from registry.kinds.base import Name

router = APIRouter(prefix="/api/v1", tags=["deployments"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Recorder = Annotated[Principal, Depends(requires("deployments:write"))]
Version = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
_VERSION = r"^[!-~]+$"


class UsedIO(BaseModel):
    """A version of a schema."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(max_length=100)
    version: int = Field(ge=1)


class ContractIn(BaseModel):
    """What a version provides to others and what it was built with."""

    model_config = ConfigDict(extra="forbid")

    provides: list[UsedIO] = Field(default_factory=list, max_length=500)
    consumes: list[UsedIO] = Field(default_factory=list, max_length=500)


class ContractOut(BaseModel):
    """A version of an application with its contract."""

    application: str
    version: str
    provides: list[UsedIO]
    consumes: list[UsedIO]


class DeploymentIn(BaseModel):
    """A version that runs in an environment from now on, in place of the one before it."""

    model_config = ConfigDict(extra="forbid")

    environment: Name
    application: Name
    version: Version


class DeploymentOut(ContractOut):
    """What runs where, since when, and who said so."""

    environment: str
    at: str
    by: str


class ChangeOut(BaseModel):
    """Why a pair does not fit."""

    rule: str
    path: str
    message: str


class PairOut(BaseModel):
    """A consumer, and the provider of a document that it relies on."""

    subject: str
    consumer: str
    consumer_version: str
    built_with: int = Field(description="The version of the document that the consumer was built with.")
    provider: str | None
    provider_version: str | None
    provided: int | None = Field(description="The version of the document that the provider has.")
    outcome: str = Field(
        description="same version, compatible, from outside, or against: breaks, no provider, unreadable."
    )
    against: bool
    sentence: str
    changes: list[ChangeOut]


class MayDeploy(BaseModel):
    """Whether the versions may be deployed together, with the grounds, what speaks against it first."""

    environment: str
    deployable: bool
    sentence: str
    pairs: list[PairOut]


@router.put(
    "/applications/{application}/versions/{version}",
    summary="Record what a version of an application provides and relies on",
)
def record_version(
    state: State,
    who: Recorder,
    response: Response,
    application: Name,
    version: Annotated[str, Path(max_length=100, pattern=_VERSION)],
    contract: ContractIn,
) -> ContractOut:
    """The same again changes nothing; 409 if the version was recorded with another contract."""
    told = Contract(application, version, _read(contract.provides), _read(contract.consumes))
    try:
        with state.database.writing() as session:
            fresh = service.record_version(session, told, actor=who.name, now=state.clock())
    except ContractChanged as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None
    except DeploymentError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    response.status_code = HTTPStatus.CREATED if fresh else HTTPStatus.OK
    return ContractOut(**_contract(told))


@router.get("/deployments", summary="What runs where")
def list_deployments(
    state: State, _who: Reader, environment: Annotated[str | None, Query(max_length=100)] = None
) -> list[DeploymentOut]:
    """By environment and application."""
    with state.database.reading() as session:
        return [_running(one) for one in service.running(session, environment)]


@router.post("/deployments", summary="Record that a version runs in an environment", status_code=HTTPStatus.CREATED)
def record_deployment(state: State, who: Recorder, told: DeploymentIn) -> DeploymentOut:
    """Recording is no asking: it says what is. Ask /api/v1/can-i-deploy before."""
    try:
        with state.database.writing() as session:
            found = service.deploy(
                session, told.environment, told.application, told.version, actor=who.name, now=state.clock()
            )
    except DeploymentError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    return _running(found)


@router.delete(
    "/deployments/{environment}/{application}",
    summary="Record that an application no longer runs there",
    status_code=HTTPStatus.NO_CONTENT,
)
def withdraw_deployment(state: State, who: Recorder, environment: Name, application: Name) -> None:
    """404 if it did not."""
    try:
        with state.database.writing() as session:
            service.withdraw(session, environment, application, actor=who.name, now=state.clock())
    except DeploymentError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None


@router.get("/can-i-deploy", summary="Whether versions may be deployed to an environment")
def may_deploy(
    state: State,
    _who: Reader,
    environment: Annotated[str, Query(max_length=100)],
    deploy: Annotated[
        list[str], Query(description="APPLICATION@VERSION, once for each that is deployed at once.", max_length=50)
    ],
) -> MayDeploy:
    """Each pair of consumer and provider that one of them is part of, as it would be after the deployment."""
    wanted = []
    for one in deploy:
        application, mark, version = one.partition("@")
        if not (application and mark and version):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"deploy: write APPLICATION@VERSION instead of {one[:80]!r}")
        wanted.append((application, version))
    try:
        with state.database.reading() as session:
            found = asking.ask(session, environment, wanted, state.clock().date())
    except DeploymentError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    return MayDeploy(
        environment=environment,
        deployable=found.deployable,
        sentence=found.sentence,
        pairs=[_pair(one) for one in found.pairs],
    )


def _read(used: list[UsedIO]) -> tuple[Used, ...]:
    return tuple(sorted({Used(one.subject, one.version) for one in used}))


def _contract(one: Contract) -> dict[str, object]:
    return {
        "application": one.application,
        "version": one.version,
        "provides": [UsedIO(subject=used.subject, version=used.version) for used in one.provides],
        "consumes": [UsedIO(subject=used.subject, version=used.version) for used in one.consumes],
    }


def _running(one: Running) -> DeploymentOut:
    return DeploymentOut.model_validate(
        {**_contract(one.contract), "environment": one.environment, "at": one.at.isoformat(), "by": one.by}
    )


def _pair(one: Pair) -> PairOut:
    return PairOut(
        subject=one.subject,
        consumer=one.consumer,
        consumer_version=one.consumer_version,
        built_with=one.built_with,
        provider=one.provider or None,
        provider_version=one.provider_version or None,
        provided=one.provided,
        outcome=one.outcome,
        against=one.against,
        sentence=one.sentence,
        changes=[ChangeOut(rule=change.rule, path=change.path, message=change.message) for change in one.changes],
    )
