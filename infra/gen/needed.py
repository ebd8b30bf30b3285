"""What the code needs a word for."""

from anzhi.policy.v1 import policy_pb2
from code_facts import TRANSPORT, errors, forms, machines, states, timers
from gateway.doors import services
from kernel.moves import Role
from words import LANGUAGES, Words

# Posts that the law tables do not know: who runs the platform, who reads its records, who keeps its desk.
POSTS = ("ADMIN", "AUDITOR", "CLERK")


def needed() -> dict[str, set[str]]:
    return {
        "reasons": {*(error.reason for error in errors()), *TRANSPORT},
        "states": {f"{machine.MACHINE}.{state}" for machine in machines() for state in states(machine)},
        "moves": {f"{machine.MACHINE}.{move.name}" for machine in machines() for move in machine.MOVES},
        "permissions": permissions(),
        "forms": set(forms()),
        "timers": set(timers()),
        "breaches": set(timers()),
        "roles": {*(role.value for role in Role), *POSTS},
        "services": {"gateway", *(service.file.package.split(".")[1] for service in services())},
    }


def permissions() -> set[str]:
    policies = [rpc.GetOptions().Extensions[policy_pb2.policy] for service in services() for rpc in service.methods]
    return {policy.permission for policy in policies if policy.permission}


def missing(words: Words) -> list[str]:
    """`zh reasons CASE_CHANGED` for each word that the code needs and the language has not."""
    return [
        f"{language} {section} {key}"
        for section, keys in needed().items()
        for key in sorted(keys)
        for language in LANGUAGES
        if not words.one(language, section, key).strip()
    ]
