"""The states of a document and the rows of 11.6."""

from enum import StrEnum

from kernel.moves import SYS, AnyOf, Both, Delegated, Move, Role

from documents.domain import guards

RECEIPT = "F40"


class State(StrEnum):
    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    NUMBERED = "NUMBERED"
    SIGNED = "SIGNED"
    SEALED = "SEALED"
    SERVING = "SERVING"
    SERVED = "SERVED"
    REFUSED_NOTED = "REFUSED_NOTED"
    EFFECTIVE = "EFFECTIVE"
    SUPERSEDED = "SUPERSEDED"
    REVOKED = "REVOKED"
    VOID = "VOID"
    ARCHIVED = "ARCHIVED"


S = State
SERVERS = AnyOf(Role.OFF, Role.LEAD)
DRAFTERS = AnyOf(Role.OFF, Role.LEAD, Role.LEGAL, Role.HEAR, Role.ARCHIVE, Role.SYS)
REVIEWERS = AnyOf(Role.UNIT, Role.LEGAL, Role.DEP, Role.CHIEF)
HEAD = AnyOf(Role.CHIEF, Delegated(Role.DEP, "document_void"))
UNSEALED = {S.DRAFT, S.IN_REVIEW, S.RETURNED, S.APPROVED, S.NUMBERED, S.SIGNED}
SEALED_FILE = {S.SEALED, S.SERVING, S.SERVED, S.REFUSED_NOTED, S.EFFECTIVE, S.SUPERSEDED, S.REVOKED, S.ARCHIVED}

ARCHIVABLE = {S.SERVED, S.EFFECTIVE, S.SUPERSEDED, S.REVOKED}

# Every legal move, and nothing else. W04 to W08 are made by the release of the matter's owner, who ran G03 and asked
# the approver of 1.8 (design 3.9); W15 by what a review body, a court or the body itself decided.
MOVES = (
    Move("W01", "draft", {None}, S.DRAFT, by=DRAFTERS, guards=(guards.drafted_by_post, guards.owner_allows_draft)),
    Move("W02", "submit", {S.DRAFT}, S.IN_REVIEW, by=DRAFTERS, guards=(guards.has_flow, guards.fields_complete, guards.characters_there)),
    Move("W03", "return", {S.IN_REVIEW}, S.RETURNED, by=REVIEWERS, guards=(guards.reason_given,)),
    Move("W03", "reopen", {S.RETURNED}, S.DRAFT, by=REVIEWERS),
    Move(
        "W04",
        "approve",
        {S.IN_REVIEW},
        S.APPROVED,
        by=SYS,
        guards=(guards.fields_complete, guards.characters_there, guards.g03),
        law=("APL 58",),
    ),
    Move(
        "W05",
        "release",
        {S.DRAFT},
        S.APPROVED,
        by=SYS,
        guards=(
            guards.has_no_flow,
            guards.body_frozen,
            guards.fields_complete,
            guards.characters_there,
            guards.approved_first,
            guards.record_first,
        ),
        law=("APL 57", "WSL 68"),
    ),
    Move("W06", "take_number", {S.APPROVED}, S.NUMBERED, by=SYS),
    Move(
        "W07", "sign", {S.NUMBERED}, S.SIGNED, by=SYS, guards=(guards.signatures_complete, guards.g01), law=("APL 42", "APL 55", "ESL 13")
    ),
    Move("W08", "seal", {S.SIGNED}, S.SEALED, by=SYS, guards=(guards.fields_complete,), law=("APL 59", "ESL 14")),
    Move(
        "W09",
        "serve",
        {S.SEALED},
        S.SERVING,
        by=SERVERS,
        guards=(guards.is_served_form, guards.recipient_named, guards.mode_in_order, guards.owner_allows_service),
        law=("APL 61",),
        form=RECEIPT,
    ),
    Move(
        "W10",
        "deliver",
        {S.SERVING},
        S.SERVED,
        by=SERVERS,
        guards=(guards.two_servers, guards.proof_there),
        law=("APL 61", "CVL 87"),
        form=RECEIPT,
    ),
    Move("W11", "note_refusal", {S.SERVING}, S.REFUSED_NOTED, by=SERVERS, guards=(guards.refusable, guards.reason_given), law=("CVL 89",)),
    Move(
        "W11",
        "leave",
        {S.REFUSED_NOTED},
        S.SERVED,
        by=SERVERS,
        guards=(guards.two_servers, guards.proof_there),
        law=("CVL 89",),
        form=RECEIPT,
    ),
    Move("W12", "take_effect", {S.SEALED}, S.EFFECTIVE, by=SYS, guards=(guards.is_internal_form,)),
    Move("W13", "take_effect_by_service", {S.SERVED}, S.EFFECTIVE, by=SYS, guards=(guards.deemed_reached,), law=("CVL 88", "CVL 95")),
    Move(
        "W14",
        "supersede",
        {S.EFFECTIVE},
        S.SUPERSEDED,
        by=HEAD,
        guards=(guards.reason_given, guards.corrected_by_same_kind),
        law=("APL 75",),
    ),
    Move("W15", "revoke", {S.EFFECTIVE}, S.REVOKED, by=SYS, guards=(guards.withdrawal_served,), law=("APL 75", "ARL 64", "ALL 70")),
    Move("W16", "void", UNSEALED, S.VOID, by=Both(AnyOf(Role.LEAD), AnyOf(Role.UNIT)), guards=(guards.reason_given,)),
    Move("W16", "void_sealed", {S.SEALED}, S.VOID, by=HEAD, guards=(guards.reason_given,)),
    Move("W17", "archive", ARCHIVABLE, S.ARCHIVED, by=AnyOf(Role.ARCHIVE, Role.SYS)),
    Move(
        "W18",
        "fail_delivery",
        {S.SERVING},
        S.SERVING,
        by=SERVERS,
        guards=(guards.reason_given, guards.recipient_named, guards.mode_in_order),
    ),
)
